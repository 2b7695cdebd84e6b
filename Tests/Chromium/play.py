"""Plays messages through MediaSource in a headless Chromium and prints what it made of them, as one line of JSON.

play.py MIME_TYPE MESSAGE...        each MESSAGE is a file, appended in order
"""

import http.server
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

mime, *messages = sys.argv[1:]
page = pathlib.Path(__file__).with_name("player.html").read_bytes()
answers = []
answered = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.split("?")[0].strip("/")
        if name == "":
            self.answer(page, "text/html")
        elif name.isdigit() and int(name) < len(messages):
            self.answer(pathlib.Path(messages[int(name)]).read_bytes(), "application/octet-stream")
        else:
            self.send_error(404)

    def do_POST(self):
        answers.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(b"", "text/plain")
        answered.set()

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
profile = tempfile.mkdtemp()
query = urllib.parse.urlencode({"count": len(messages), "mime": mime})
browser = subprocess.Popen(
    [
        "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={profile}",
        f"http://127.0.0.1:{server.server_port}/?{query}",
    ],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
try:
    answered.wait(timeout=240)
finally:
    browser.terminate()
    browser.wait()
    shutil.rmtree(profile, ignore_errors=True)
if not answers:
    sys.exit("Chromium did not answer.")
print(answers[0])
