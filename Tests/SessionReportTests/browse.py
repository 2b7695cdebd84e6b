"""Opens a page in a headless Chromium and prints what can be seen there, as one line of JSON.

browse.py URL [--size 1280x900] [--scheme light|dark] [--media screen|print] [--hover SELECTOR] [--wait EXPRESSION] [--screenshot FILE] [--full]
          [--pdf FILE]

The line has the console's messages, the requests that the page made beyond itself and data URLs, what the element under
the pointer tells, whether the page is wider than its window, texts with too little contrast, and ids that are there
twice. The browser is driven over a pipe, with the Chrome DevTools Protocol.
"""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("url")
parser.add_argument("--size", default="1280x900")
parser.add_argument("--scheme", default="light")
parser.add_argument("--media", default="screen")
parser.add_argument("--hover")
parser.add_argument("--wait")
parser.add_argument("--screenshot")
parser.add_argument("--full", action="store_true")
parser.add_argument("--pdf")
options = parser.parse_args()
width, height = map(int, options.size.split("x"))

# What WCAG 2.1 asks of normal text is a contrast of 4.5 (1.4.3). Translucent backgrounds are laid over each other.
INSPECTION = r"""
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parse = text => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, base) => [0, 1, 2].map(i => top[i] * top[3] + base[i] * (1 - top[3])).concat(1);
  const light = c => {
    const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((base, layer) => over(layer, base), [255, 255, 255, 1]);
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    if (!element.getClientRects().length || element.closest(".film")) continue;
    const base = ground(element), [a, b] = [light(over(parse(getComputedStyle(element).color), base)), light(base)];
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (contrast < 4.5) faint.push(`${element.textContent.trim().slice(0, 30)} ${contrast.toFixed(2)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
  const links = [...document.querySelectorAll("a[href^='#']")].map(a => a.getAttribute("href").slice(1));
  return {
    title: document.title, faint, doubled: ids.filter((id, i) => ids.indexOf(id) !== i),
    dangling: links.filter(id => !ids.includes(id)),
    scripts: document.scripts.length, images: document.images.length,
    broken: [...document.images].filter(image => image.getAttribute("src") && !image.naturalWidth).length,
    bars: document.querySelectorAll(".bar").length, rows: document.querySelectorAll("tr[id]").length,
    tooWide: document.documentElement.scrollWidth > innerWidth, text: document.body.innerText.slice(0, 200000),
  };
})()
"""


class Browser:
    """A Chromium, driven over the two pipes that it knows as descriptors 3 and 4."""

    def __init__(self):
        self.profile = tempfile.mkdtemp()
        command_read, self.command = os.pipe()
        self.answer, answer_write = os.pipe()

        def place():
            # Descriptors of this process may have these very numbers.
            read, write = os.dup(command_read), os.dup(answer_write)
            read, write = os.dup2(read, 100), os.dup2(write, 101)
            os.dup2(read, 3, inheritable=True)
            os.dup2(write, 4, inheritable=True)

        self.process = subprocess.Popen(
            [
                "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={self.profile}",
                "about:blank",
            ],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        os.close(command_read)
        os.close(answer_write)
        self.pending, self.number, self.events, self.session = b"", 0, [], None

    def receive(self):
        while b"\0" not in self.pending:
            data = os.read(self.answer, 1 << 20)
            if not data:
                sys.exit("Chromium ended.")
            self.pending += data
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.command, json.dumps(request).encode() + b"\0")
        while True:
            message = self.receive()
            if message.get("id") == self.number:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


browser = Browser()
try:
    targets = browser.call("Target.getTargets")["targetInfos"]
    page = next(target["targetId"] for target in targets if target["type"] == "page")
    browser.session = browser.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
    for domain in ["Page", "Runtime", "Network", "Log"]:
        browser.call(f"{domain}.enable")
    browser.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
    browser.call(
        "Emulation.setEmulatedMedia", media=options.media, features=[{"name": "prefers-color-scheme", "value": options.scheme}])
    browser.call("Page.navigate", url=options.url)
    browser.wait_for("Page.loadEventFired")
    deadline = time.monotonic() + 60
    while options.wait and not browser.evaluate(options.wait):
        if time.monotonic() > deadline:
            sys.exit(f"{options.wait} did not come true.")
        time.sleep(0.1)
    result = browser.evaluate(INSPECTION)
    if options.hover:
        x, y = browser.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(options.hover)}); "
            "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(); "
            "return [r.x + Math.min(r.width / 2, 40), r.y + r.height / 2]; })()")
        browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        result["tip"] = browser.evaluate(
            "(() => { const t = [...document.querySelectorAll('.tip')].find(e => e.getClientRects().length); "
            "if (!t) return null; const r = t.getBoundingClientRect(); "
            "return {text: t.innerText, inside: r.left >= 0 && r.right <= innerWidth}; })()")
    if options.screenshot:
        picture = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=options.full)
        with open(options.screenshot, "wb") as file:
            file.write(base64.b64decode(picture["data"]))
    if options.pdf:
        pdf = browser.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        with open(options.pdf, "wb") as file:
            file.write(base64.b64decode(pdf["data"]))
    own = options.url.split("#")[0]
    requests, console = [], []
    for event in browser.events:
        parameters = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if url != own and not url.startswith("data:"):
                requests.append(url)
        elif event.get("method") == "Runtime.consoleAPICalled":
            console.append(str(parameters["args"]))
        elif event.get("method") == "Log.entryAdded":
            console.append(parameters["entry"]["text"])
        elif event.get("method") == "Runtime.exceptionThrown":
            console.append(str(parameters["exceptionDetails"]))
    result.update(requests=requests, console=console)
    print(json.dumps(result))
finally:
    browser.close()
