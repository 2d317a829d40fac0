"""A real web server on the loopback that hands out files, and misbehaves where told to."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FilesServer(ThreadingHTTPServer):
    """Answers each path by a function of the request, or 404; keeps the paths asked for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.asked = {}, []
        self.let_go = threading.Event()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def hand_out(self, path, data, kind="text/csv", length=None):
        """Answer `path` with the bytes; a `length` larger than theirs cuts the file short."""

        def answer(request):
            request.send_response(200)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(data) if length is None else length))
            request.end_headers()
            request.wfile.write(data)

        self.answers[path] = answer

    def send_on(self, path, to):
        def answer(request):
            request.send_response(302)
            request.send_header("Location", to)
            request.send_header("Content-Length", "0")
            request.end_headers()

        self.answers[path] = answer

    def fall_silent(self, path):
        """Keep whoever asks for `path` waiting until the server is stopped."""

        def answer(request):
            request.send_response(200)
            request.end_headers()
            request.wfile.write(b'"URN"')
            request.wfile.flush()
            request.server.let_go.wait()

        self.answers[path] = answer


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path)
        answer(self) if answer else self.send_error(404)

    def log_message(self, *arguments):
        """Say nothing."""


@contextmanager
def serving():
    """Within, a FilesServer answers."""
    server = FilesServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
