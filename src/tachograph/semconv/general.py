"""Names of the general semantic conventions (1.4x): server, HTTP, errors, exceptions, process, code, service.

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
    "http.response.header.retry-after", "string[]", "text", "When to try again: seconds or a date, as the server asks"
)
HTTP_RETRY_AFTER_MS = _http(
    "http.response.header.retry-after-ms", "string[]", "text", "When to try again, in ms, as the server asks"
)
URL_FULL = _http("url.full", "string", "text", "The URL, without credentials and signatures")

_error = Family("error")
ERROR_TYPE = _error("error.type", "string", "text", "Class of error the operation ended with")
EXCEPTION_TYPE = _error("exception.type", "string", "text", "Class of the exception")
EXCEPTION_MESSAGE = _error("exception.message", "string", "text", "Text of the exception")
EXCEPTION_STACKTRACE = _error("exception.stacktrace", "string", "text", "The stack as the language prints it")

_process = Family("process")
PROCESS_PID = _process("process.pid", "int", "plain", "Process id")
PROCESS_PARENT_PID = _process("process.parent_pid", "int", "plain", "Id of the parent process, of other tools")
PROCESS_COMMAND_ARGS = _process("process.command_args", "string[]", "text", "The command with its arguments")
PROCESS_EXIT_CODE = _process("process.exit.code", "int", "plain", "Exit code")

_thread = Family("thread")
THREAD_ID = _thread("thread.id", "int", "plain", "Id of the thread, of other tools; may look like a card number")

_code = Family("code")
CODE_FILE_PATH = _code("code.file.path", "string", "text", "Source file")
CODE_FUNCTION_NAME = _code("code.function.name", "string", "text", "Qualified name of the function")
CODE_LINE_NUMBER = _code("code.line.number", "int", "plain", "Line in the source file")

_service = Family("service")
SERVICE_NAME = _service("service.name", "string", "text", "Logical name of the service")

_telemetry = Family("telemetry")
TELEMETRY_SDK_LANGUAGE = _telemetry("telemetry.sdk.language", "string", "plain", "python")
TELEMETRY_SDK_NAME = _telemetry("telemetry.sdk.name", "string", "plain", "opentelemetry")
TELEMETRY_DISTRO_NAME = _telemetry("telemetry.distro.name", "string", "plain", "tachograph")
TELEMETRY_DISTRO_VERSION = _telemetry("telemetry.distro.version", "string", "plain", "Version of Tachograph")

_host = Family("host")
HOST_NAME = _host("host.name", "string", "text", "Name of the machine")
