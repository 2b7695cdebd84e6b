"""Runs the vendor's codealong in JavaScript in a headless Chromium with its fake camera and microphone.

browser.py URL KEY SECONDS CERTIFICATE

CERTIFICATE is the PEM file of the server's own certificate, which the browser is told to trust. Prints what the program
told its console, and how its WebSocket was closed, as one line of JSON.
"""

import base64
import hashlib
import http.server
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

url, key, seconds, certificate = sys.argv[1:]
here = pathlib.Path(__file__).parent
steps = {name: (here / f"{name}.js").read_text() for name in ["connect", "camera", "segments", "stop"]}
production = "wss://api.interhuman.ai/v1/stream/analyze"
assert production in steps["connect"] and "YOUR_API_KEY" in steps["connect"]
steps["connect"] = steps["connect"].replace(production, url).replace("YOUR_API_KEY", key)

# The codealong's four steps in order; the last when SECONDS have passed. Around them only what is told is kept.
page = f"""<!doctype html><meta charset="utf-8"><video id="preview" muted></video><script type="module">
const told = [];
const log = console.log;
console.log = (type, payload) => {{ told.push([type, payload]); log(type); }};
const answer = (body) => fetch("/", {{ method: "POST", body: JSON.stringify(body) }});
window.addEventListener("error", (event) => answer({{ error: event.message }}));
window.addEventListener("unhandledrejection", (event) => answer({{ error: String(event.reason) }}));
{steps["connect"]}
ws.addEventListener("close", (event) => answer({{ told, code: event.code }}));
{steps["camera"]}
{steps["segments"]}
setTimeout(() => {{
{steps["stop"]}
}}, {float(seconds)} * 1000);
</script>""".encode()

answers = []
answered = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        if self.path == "/":
            self.wfile.write(page)

    def do_POST(self):
        answers.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()
        answered.set()

    def log_message(self, *arguments):
        pass


public_key = subprocess.run(
    ["openssl", "x509", "-in", certificate, "-noout", "-pubkey"], check=True, capture_output=True).stdout
der = subprocess.run(
    ["openssl", "pkey", "-pubin", "-outform", "DER"], input=public_key, check=True, capture_output=True).stdout
pin = base64.b64encode(hashlib.sha256(der).digest()).decode()

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
profile = tempfile.mkdtemp()
browser = subprocess.Popen(
    [
        "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required", f"--ignore-certificate-errors-spki-list={pin}",
        f"--user-data-dir={profile}", f"http://127.0.0.1:{server.server_port}/",
    ],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
try:
    answered.wait(timeout=float(seconds) + 120)
finally:
    browser.terminate()
    browser.wait()
    shutil.rmtree(profile, ignore_errors=True)
if not answers:
    sys.exit("Chromium did not answer.")
result = json.loads(answers[0])
if "error" in result:
    sys.exit(result["error"])
print(json.dumps(result))
