"""Runs the vendor's codealong in Python with a file in place of the camera.

codealong.py URL FILE COUNT      the key is in API_KEY, the authority in SSL_CERT_FILE

Sends COUNT segments as the codealong does, each answered by one message, then reads what is left for a while. What it
prints is what the codealong prints: a message a line.
"""

import asyncio
import itertools
import os
import pathlib
import sys
import tempfile
import time

import cv2

url, file, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
here = pathlib.Path(__file__).parent
open_file = cv2.VideoCapture


class FileCamera:
    """A file that gives pictures as a camera does: at its own pace, and over and over."""

    def __init__(self, index):
        assert index == 0
        self.file = open_file(file)
        self.next = time.time()

    def read(self):
        time.sleep(max(0, self.next - time.time()))
        self.next = max(time.time(), self.next) + 1 / self.get(cv2.CAP_PROP_FPS)
        ok, frame = self.file.read()
        if not ok:
            self.file.set(cv2.CAP_PROP_POS_FRAMES, 0)
            ok, frame = self.file.read()
        return ok, frame

    def get(self, name):
        return self.file.get(name)

    def isOpened(self):
        return self.file.isOpened()

    def release(self):
        self.file.release()


# There is no camera here, and no screen.
cv2.VideoCapture = FileCamera
cv2.imshow = lambda title, picture: None
cv2.destroyAllWindows = lambda: None

os.chdir(tempfile.mkdtemp())
steps = {name: (here / f"{name}.py").read_text() for name in ["connect", "camera", "segments", "stop"]}
production = "wss://api.interhuman.ai/v1/stream/analyze"
assert production in steps["connect"]
exec(steps["connect"].replace(production, url))
exec(steps["camera"])
exec(steps["segments"])
stop = compile(steps["stop"], "stop.py", "exec", flags=__import__("ast").PyCF_ALLOW_TOP_LEVEL_AWAIT)


async def main():
    ws = await connect()
    for _ in range(count):
        await send_segment(ws)
    try:
        for _ in itertools.count():
            print(await asyncio.wait_for(ws.recv(), timeout=3))
    except asyncio.TimeoutError:
        pass
    await eval(stop, {**globals(), "ws": ws})


asyncio.run(main())
