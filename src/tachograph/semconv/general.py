"""Names of the general semantic conventions (1.4x): server, HTTP, errors, exceptions, process, thread, code, service.

Source: https://opentelemetry.io/docs/specs/semconv/registry/attributes/
"""

from tachograph.semconv._registry import Family

_server = Family("server")
SERVER_ADDRESS = _server("server.address", "string", "text", "Host name or address of the server called")
SERVER_PORT = _server("server.port", "int", "plain", "Port of the server called")

_http = Family("http")
HTTP_REQUEST_METHOD = _http("http.request.method", "string", "plain", "Method of the request")
HTTP_RESPONSE_STATUS_CODE = _http("http.response.status_code", "int", "plain", "Status code of the answer")
HTTP_RESEND_COUNT = _http("http.request.resend_count", "int", "plain", "How often the request was sent before")
HTTP_RETRY_AFTER = _http(
    "http.response.header.retry-after", "string[]", "text", "When to try again: seconds or a date, as the server says"
)
HTTP_RETRY_AFTER_MS = _http(
    "http.response.header.retry-after-ms", "string[]", "text", "When to try again, in ms, as the server says"
)
URL_FULL = _http("url.full", "string", "text", "The URL, without credentials and signatures")

_error = Family("error")
ERROR_TYPE = _error("error.type", "string", "text", "Class of error the operation ended with")
EXCEPTION_TYPE = _error("exception.type", "string", "text", "Class of the exception")
EXCEPTION_MESSAGE = _error("exception.message", "string", "text", "Text of the exception")
EXCEPTION_STACKTRACE = _error("exception.stacktrace", "string", "text", "The stack as the language prints it")

_process = Family("process")
PROCESS_PID = _process("process.pid", "int", "plain", "Process id")
PROCESS_PARENT_PID = _process("process.parent_pid", "int", "plain", "Id of the parent process")
PROCESS_COMMAND_ARGS = _process("process.command_args", "string[]", "text", "The command with its arguments")
PROCESS_EXECUTABLE_PATH = _process("process.executable.path", "string", "text", "Path of the executable")
PROCESS_WORKING_DIRECTORY = _process("process.working_directory", "string", "text", "Working directory")
PROCESS_EXIT_CODE = _process("process.exit.code", "int", "plain", "Exit code")
PROCESS_RUNTIME_NAME = _process("process.runtime.name", "string", "plain", "Language runtime")
PROCESS_RUNTIME_VERSION = _process("process.runtime.version", "string", "plain", "Version of the language runtime")

_thread = Family("thread")
THREAD_ID = _thread("thread.id", "int", "plain", "Id of the thread")
THREAD_NAME = _thread("thread.name", "string", "text", "Name of the thread")

_code = Family("code")
CODE_FILE_PATH = _code("code.file.path", "string", "text", "Source file")
CODE_FUNCTION_NAME = _code("code.function.name", "string", "text", "Qualified name of the function")
CODE_LINE_NUMBER = _code("code.line.number", "int", "plain", "Line in the source file")

_service = Family("service")
SERVICE_NAME = _service("service.name", "string", "text", "Logical name of the service")
SERVICE_VERSION = _service("service.version", "string", "text", "Version of the service")

_host = Family("host")
HOST_NAME = _host("host.name", "string", "text", "Name of the machine")
HOST_ARCH = _host("host.arch", "string", "plain", "Processor architecture")
OS_TYPE = _host("os.type", "string", "plain", "linux, darwin or windows")
OS_VERSION = _host("os.version", "string", "plain", "Version of the operating system")

_vcs = Family("vcs")
VCS_REF_HEAD_NAME = _vcs("vcs.ref.head.name", "string", "text", "Branch the run started on")
VCS_REF_HEAD_REVISION = _vcs("vcs.ref.head.revision", "string", "text", "Commit the run started on")
VCS_REPOSITORY_URL_FULL = _vcs("vcs.repository.url.full", "string", "text", "URL of the repository")

_cicd = Family("cicd")
CICD_PROVIDER = _cicd("tachograph.cicd.provider", "string", "plain", "github, gitlab, jenkins, circleci, …")
CICD_PIPELINE_NAME = _cicd("cicd.pipeline.name", "string", "text", "Name of the pipeline or workflow")
CICD_PIPELINE_RUN_ID = _cicd("cicd.pipeline.run.id", "string", "text", "Id of this run of the pipeline")
CICD_PIPELINE_RUN_URL_FULL = _cicd("cicd.pipeline.run.url.full", "string", "text", "Page of this run of the pipeline")
