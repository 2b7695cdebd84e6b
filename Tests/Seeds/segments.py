import asyncio
import time

import cv2

SEGMENT_SECONDS = 3
SEGMENT_PATH = "segment.mp4"


def record_segment(cap: cv2.VideoCapture, path: str, seconds: float) -> None:
    fps = cap.get(cv2.CAP_PROP_FPS) or 20.0
    width = int(cap.get(cv2.CAP_PROP_FRAME_WIDTH))
    height = int(cap.get(cv2.CAP_PROP_FRAME_HEIGHT))
    fourcc = cv2.VideoWriter_fourcc(*"mp4v")
    writer = cv2.VideoWriter(path, fourcc, fps, (width, height))

    deadline = time.time() + seconds
    while time.time() < deadline:
        ok, frame = cap.read()
        if ok:
            writer.write(frame)
    writer.release()


async def send_segment(ws) -> None:
    record_segment(cap, SEGMENT_PATH, SEGMENT_SECONDS)
    with open(SEGMENT_PATH, "rb") as f:
        await ws.send(f.read())

    msg = await asyncio.wait_for(ws.recv(), timeout=60.0)
    print(msg)


# After connect(): asyncio.run(send_segment(ws))
