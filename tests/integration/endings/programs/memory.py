"""Programs that look at what is let go of, and when."""

from __future__ import annotations

from tests.integration.endings.program import Program

PROGRAMS = {
    "freed_without_gc": Program(
        """
import asyncio, gc, multiprocessing.pool, os, sys, threading, weakref
from concurrent.futures import ThreadPoolExecutor
import model
model.ask()
gc.collect()
gc.disable()

class Large: pass

def in_pool(work, large):
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, large)
        del large
        try: future.result()
        except ValueError: pass

def in_thread_pool(work, large):
    with multiprocessing.pool.ThreadPool(1) as pool:
        try: pool.apply(work, (large,))
        except ValueError: pass

def to_thread(work, large):
    async def main(large):
        try: await asyncio.to_thread(work, large)
        except ValueError: pass
    asyncio.run(main(large))

def in_executor(work, large):
    async def main(large):
        try: await asyncio.get_running_loop().run_in_executor(None, work, large)
        except ValueError: pass
    asyncio.run(main(large))

def in_thread(work, large):
    threading.excepthook = lambda args: None
    thread = threading.Thread(target=work, args=(large,))
    thread.start()
    thread.join()

def handed_to_the_hook(work, large):
    try: work(large)
    except ValueError as error:
        standard, sys.stderr = sys.stderr, open(os.devnull, "w")
        sys.excepthook(type(error), error, error.__traceback__)
        sys.stderr = standard

def around_a_call(work, large):
    def ask(large): model.fail()
    try: ask(large)
    except model.openai.InternalServerError: pass

def around_a_stream(work, large):
    def read(large):
        for word in model.stream(fault="broken-stream"): pass
    try: read(large)
    except Exception: pass

def work(large): raise ValueError

for case in (
    in_pool, in_thread_pool, to_thread, in_executor, in_thread, handed_to_the_hook, around_a_call, around_a_stream
):
    large = Large()
    seen = weakref.ref(large)
    case(work, large)
    del large
    print(case.__name__, seen() is None)
""",
        calls=None,
    ),
    "generations_of_forks": Program(
        """
import multiprocessing.util, os, gc
from model import ask
ask()
def held():
    return len(multiprocessing.util._afterfork_registry), len(multiprocessing.util._finalizer_registry)
before = held()
def fork(left):
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    if left:
        fork(left - 1)
    else:
        ask()
        print(held() == before, flush=True)
    os._exit(0)
fork(12)
""",
        calls=2,
    ),
}
