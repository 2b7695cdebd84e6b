"""The Python peers of EncodeBenchmarks: encodes a YUV4MPEG file and prints "CPU_SECONDS FLUSH_MILLISECONDS".

peers.py libvpx|libvpx-vp9|mp4v INPUT OUTPUT
"""

import resource
import sys
import time

import numpy


def pictures(path):
    with open(path, "rb") as file:
        fields = file.readline().decode().split()
        width = int(next(f[1:] for f in fields if f[0] == "W"))
        height = int(next(f[1:] for f in fields if f[0] == "H"))
        found = []
        while file.readline():
            data = numpy.frombuffer(file.read(width * height * 3 // 2), numpy.uint8)
            found.append(data.reshape(height * 3 // 2, width))
        return width, height, found


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def pyav(width, height, found, output, codec):
    """As a plugin that leaves libvpx to its defaults: bit rate, size and rate alone are set."""
    import av

    frames = [av.VideoFrame.from_ndarray(picture, format="yuv420p") for picture in found]
    began = cpu()
    container = av.open(output, "w", format="webm")
    stream = container.add_stream(codec, rate=30)
    stream.width, stream.height, stream.pix_fmt, stream.bit_rate = width, height, "yuv420p", 1_000_000
    for number, frame in enumerate(frames):
        frame.pts = number
        container.mux(stream.encode(frame))
    handed_in = time.perf_counter()
    container.mux(stream.encode(None))
    container.close()
    return cpu() - began, (time.perf_counter() - handed_in) * 1000


def opencv(width, height, found, output):
    import cv2

    frames = [cv2.cvtColor(picture, cv2.COLOR_YUV2BGR_I420) for picture in found]
    began = cpu()
    writer = cv2.VideoWriter(output, cv2.VideoWriter_fourcc(*"mp4v"), 30, (width, height))
    if not writer.isOpened():
        sys.exit(0)
    for frame in frames:
        writer.write(frame)
    handed_in = time.perf_counter()
    writer.release()
    return cpu() - began, (time.perf_counter() - handed_in) * 1000


mode, path, output = sys.argv[1:]
size = pictures(path)
figures = opencv(*size, output) if mode == "mp4v" else pyav(*size, output, mode)
print(*figures)
