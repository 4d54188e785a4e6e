"""Programs that end while threads and tasks work."""

from __future__ import annotations

from tests.integration.endings.program import Program

_ASYNC = """
import asyncio, os
import openai
client = openai.AsyncOpenAI(base_url=os.environ["MODEL_URL"] + "/v1", api_key="x", max_retries=0)
MESSAGES = [{"role": "user", "content": "hello"}]
async def ask(**more):
    return await client.chat.completions.create(model="gpt-5.1", messages=MESSAGES, **more)
async def fail():
    return await ask(extra_headers={"X-Demo-Fault": "always-500"})
"""

PROGRAMS = {
    "daemon_thread_streams": Program(
        """
import threading
from model import stream
first = threading.Event()
def work():
    for piece in stream("slow", 200):
        first.set()
threading.Thread(target=work, daemon=True).start()
first.wait()
print("main ends")
""",
        calls=1,
    ),
    "thread_outlives_main": Program(
        """
import threading
from model import ask, stream
main_is_done = threading.main_thread().join
def work():
    main_is_done()
    print(ask(), len(list(stream())))
threading.Thread(target=work).start()
print("main ends")
""",
        calls=2,
    ),
    "thread_pool_fails": Program(
        """
from concurrent.futures import ThreadPoolExecutor
from model import ask, fail
with ThreadPoolExecutor(2) as pool:
    good, bad = pool.submit(ask), pool.submit(fail)
print(good.result())
bad.result()
""",
        calls=2,
    ),
    "thread_pool_left_open": Program(
        """
from concurrent.futures import ThreadPoolExecutor
from model import ask
pool = ThreadPoolExecutor(1)
for _ in range(3):
    pool.submit(ask)
pool.submit(print, "the last task")
""",
        calls=3,
    ),
    "thread_pool_freed_without_gc": Program(
        """
import gc, weakref
from concurrent.futures import ThreadPoolExecutor
gc.disable()
from model import ask
class Held: pass
def task():
    held = Held()
    held_by_nobody.append(weakref.ref(held))
    ask()
    raise ValueError("failed")
held_by_nobody = []
with ThreadPoolExecutor(1) as pool:
    future = pool.submit(task)
    print(repr(future.exception()))
del future, pool
print(held_by_nobody[0]() is None)
""",
        calls=1,
    ),
    "generator_abandoned": Program(
        """
from model import stream
pieces = stream()
print(next(pieces))
""",
        calls=1,
    ),
    "generator_closed": Program(
        """
from model import stream
pieces = stream()
print(next(pieces))
pieces.close()
print(list(pieces))
""",
        calls=1,
    ),
    "asyncio_gathers": Program(
        _ASYNC
        + "async def main():\n    print(len(await asyncio.gather(*(ask() for _ in range(5)))))\nasyncio.run(main())",
        calls=5,
    ),
    "asyncio_call_fails": Program(_ASYNC + "async def main():\n    await fail()\nasyncio.run(main())", calls=1),
    "asyncio_group_fails": Program(
        _ASYNC
        + """
async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(fail(), name="failing")
asyncio.run(main())
""",
        calls=1,
    ),
    "asyncio_never_retrieved": Program(
        _ASYNC
        + """
async def failing():
    raise ValueError("nobody looks")
async def main():
    await ask()
    task = asyncio.create_task(failing(), name="failing")
    await asyncio.sleep(0.01)
    del task
asyncio.run(main())
""",
        calls=1,
    ),
    "asyncio_cancelled": Program(
        _ASYNC
        + """
async def main():
    task = asyncio.create_task(ask(stream=True, extra_headers={"X-Demo-Fault": "slow"}))
    await asyncio.sleep(0)
    task.cancel()
    await task
asyncio.run(main())
""",
        calls=None,
    ),
    "asyncio_timeout": Program(
        _ASYNC
        + """
async def main():
    stream = await ask(stream=True, extra_headers={"X-Demo-Fault": "slow", "X-Demo-Chunks": "200"})
    async with asyncio.timeout(0.2):
        async for _ in stream:
            pass
asyncio.run(main())
""",
        calls=1,
    ),
    "asyncio_stream_abandoned": Program(
        _ASYNC
        + """
async def main():
    # The loop closes the client's generators in the order of their addresses, and says so where that goes wrong.
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    async for chunk in await ask(stream=True):
        print(chunk.object)
        break
asyncio.run(main())
""",
        calls=1,
    ),
}
