"""A client that means harm, in one of several ways. Raw sockets, so that nothing is kept to that it does not keep to.

hostile.py WAY PORT        ends with 0 when it has done all it could; what the service makes of it is the test's to say
"""

import base64
import os
import random
import resource
import selectors
import socket
import struct
import sys
import zlib

way, port = sys.argv[1], int(sys.argv[2])
dice = random.Random(8)


def connect():
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.settimeout(60)
    return connection


def handshake(extra="", target="/v1/stream/analyze"):
    key = base64.b64encode(dice.randbytes(16)).decode()
    return (
        f"GET {target} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nAuthorization: Bearer key\r\n{extra}\r\n"
    ).encode()


def open_socket(extra="", target="/v1/stream/analyze"):
    """An open WebSocket; None when the service has no room for it."""
    connection = connect()
    connection.sendall(handshake(extra, target))
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = connection.recv(4096)
        if not piece:
            return None
        answer += piece
    if b" 101 " not in answer.split(b"\r\n")[0]:
        return None
    assert ("deflate" in extra) == (b"permessage-deflate" in answer), answer
    return connection


def frame(payload, opcode=2, first=0x80, declared=None):
    """A masked frame; the mask is zero, so that the payload needs no work."""
    size = len(payload) if declared is None else declared
    if size < 126:
        header = struct.pack("!BB", first | opcode, 0x80 | size)
    elif size < 65_536:
        header = struct.pack("!BBH", first | opcode, 0x80 | 126, size)
    else:
        header = struct.pack("!BBQ", first | opcode, 0x80 | 127, size)
    return header + bytes(4) + payload


def send(connection, data):
    """Sends what the service takes; it may have had enough."""
    try:
        connection.sendall(data)
    except OSError:
        pass


def drain(connection):
    """Reads to the end, which comes: the service has limits for everything. Who asked for it closes when it is there."""
    try:
        while (piece := connection.recv(65_536)) and not piece.endswith(b"\x03\xe8client_shutdown"):
            pass
    except OSError:
        pass
    connection.close()


# MARK: ways below the media


def random_bytes():
    for number in range(150):
        connection = connect() if number % 2 else open_socket()
        if connection is None:
            continue
        for _ in range(dice.randint(1, 5)):
            send(connection, dice.randbytes(dice.randint(1, 3_000)))
        # Half of them wait for the answer, the others are gone.
        if number % 4 < 2:
            try:
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            drain(connection)
        else:
            connection.close()


def random_frames():
    for _ in range(60):
        connection = open_socket()
        if connection is None:
            continue
        for _ in range(30):
            opcode, first = dice.randrange(16), dice.choice([0x00, 0x80, 0xC0, 0x90])
            send(connection, frame(dice.randbytes(dice.randint(0, 300)), opcode, first))
        connection.close()


def slow_handshakes():
    connections = [connect() for _ in range(60)]
    for connection in connections:
        send(connection, handshake()[:1])
    for connection in connections:
        send(connection, handshake()[1:20])
    for connection in connections:
        drain(connection)


def many_connections():
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))
    # As many as this machine's limit on descriptors allows this client.
    count = 10_000 if allowed == resource.RLIM_INFINITY else min(10_000, allowed - 100)
    connections = []
    for _ in range(count):
        try:
            connection = connect()
            connection.setblocking(False)
            connection.send(handshake())
            connections.append(connection)
        except OSError:
            continue
    assert len(connections) > count * 9 // 10, len(connections)
    for connection in connections:
        connection.close()


def declared_lengths():
    for size in [1 << 25, (1 << 25) + 1, 1 << 31, 1 << 40, (1 << 63) - 1]:
        connection = open_socket()
        send(connection, frame(bytes(1_000), declared=size))
        # The largest that is allowed is waited for.
        connection.close() if size == 1 << 25 else drain(connection)
    # Fragments that are small each, and too much together.
    connection = open_socket()
    send(connection, frame(bytes(65_536), first=0))
    for _ in range(600):
        send(connection, frame(bytes(65_536), opcode=0, first=0))
    drain(connection)
    # Empty fragments without an end.
    connection = open_socket()
    send(connection, frame(b"", first=0))
    send(connection, frame(b"", opcode=0, first=0) * 200_000)
    drain(connection)
    # Pings without an end, whose pongs nobody reads.
    connection = open_socket()
    for _ in range(100):
        send(connection, frame(bytes(125), opcode=9) * 1_000)
    connection.close()


def deflate_bombs():
    extra = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n"
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(1 << 20)
    bomb = b"".join(compressor.compress(zeros) for _ in range(1_024)) + compressor.flush(zlib.Z_SYNC_FLUSH)
    for opcode in [1, 2, 1, 2]:
        connection = open_socket(extra)
        send(connection, frame(bomb[:-4], opcode, first=0xC0))
        drain(connection)


# MARK: media


def element(identifier, payload=b"", size=None):
    """An EBML element, its size in 8 bytes."""
    digits = bytes.fromhex(identifier)
    return digits + struct.pack("!Q", 1 << 56 | (len(payload) if size is None else size)) + payload


def number(identifier, value):
    return element(identifier, value.to_bytes(8, "big"))


def webm(*tracks):
    """A header with these tracks; the segment's size is unknown."""
    header = element("1A45DFA3", element("4282", b"webm") + number("4287", 2) + number("4285", 2))
    segment = bytes.fromhex("18538067") + b"\x01" + b"\xff" * 7
    information = element("1549A966", number("2AD7B1", 1_000_000))
    return header + segment + information + element("1654AE6B", b"".join(tracks))


def video(width, height, codec=b"V_VP8", private=b""):
    size = number("B0", width) + number("BA", height)
    more = element("63A2", private) if private else b""
    return element("AE", number("D7", 1) + number("73C5", 1) + number("83", 1) + element("86", codec) + more
                   + element("E0", size))


def audio(channels, rate=48_000.0, codec=b"A_PCM/INT/LIT", private=b""):
    sound = element("B5", struct.pack("!d", rate)) + number("9F", channels) + number("6264", 16)
    more = element("63A2", private) if private else b""
    return element("AE", number("D7", 2) + number("73C5", 2) + number("83", 2) + element("86", codec) + more
                   + element("E1", sound))


def cluster(time, *blocks):
    return element("1F43B675", number("E7", time) + b"".join(blocks))


def block(track, payload, time=0):
    return element("A3", bytes([0x80 | track]) + struct.pack("!hB", time, 0x80) + payload)


def vp8(width, height):
    """A keyframe's header that promises so many pixels, and a little of what should follow."""
    return b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(200)


def vp9_keyframe(width, height):
    bits = "10" + "00" + "0" + "0" + "1" + "0" + f"{0x498342:024b}" + "010" + "0"
    bits += f"{width - 1:016b}" + f"{height - 1:016b}" + "0" + "0" * 64
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big") + bytes(200)


def box(kind, payload=b"", size=None):
    return struct.pack("!I4s", 8 + len(payload) if size is None else size, kind) + payload


def mp4(entries):
    """A movie whose sample tables promise `entries` samples."""
    table = lambda kind, *rest: box(kind, bytes(4) + b"".join(struct.pack("!I", value) for value in rest))
    description = box(b"vp09", bytes(6) + struct.pack("!H", 1) + bytes(16) + struct.pack("!HH", 16_384, 16_384) + bytes(50))
    tables = box(b"stbl", box(b"stsd", bytes(4) + struct.pack("!I", 1) + description)
                 + table(b"stts", entries) + table(b"stsz", 0, entries) + table(b"stsc", entries)
                 + table(b"stco", entries))
    handler = box(b"hdlr", bytes(8) + b"vide" + bytes(13))
    media = box(b"mdia", table(b"mdhd", 0, 0, 1_000, entries, 0) + handler + box(b"minf", tables))
    track = box(b"trak", table(b"tkhd", 0, 0, 1) + media)
    movie = box(b"moov", table(b"mvhd", 0, 0, 1_000, entries) + track)
    return box(b"ftyp", b"isom" + bytes(4) + b"isomiso2") + movie + box(b"mdat", bytes(1_000))


def opus_head(channels):
    return b"OpusHead\x01" + bytes([channels]) + struct.pack("<HIhB", 312, 48_000, 0, 255) + bytes([channels, 0]) + bytes(
        range(channels))


def bombs():
    yield "16k header", webm(video(16_384, 16_384)) + cluster(0, block(1, vp8(16_383, 16_383)))
    yield "16k picture", webm(video(64, 64)) + cluster(0, *[block(1, vp8(16_383, 16_383)) for _ in range(50)])
    yield "16k VP9", webm(video(64, 64, b"V_VP9")) + cluster(0, *[block(1, vp9_keyframe(65_536, 65_536))] * 50)
    yield "largest allowed", webm(video(4_096, 2_304, b"V_VP9")) + cluster(
        0, *[block(1, vp9_keyframe(4_096, 2_304), time) for time in range(200)])
    yield "sizes that change", webm(video(64, 64)) + cluster(
        0, *[block(1, vp8(dice.randint(16, 3_000), dice.randint(16, 3_000)), time) for time in range(300)])
    yield "no size", webm(video(0, 0)) + cluster(0, block(1, vp8(0, 0)))
    yield "192 channels", webm(audio(192)) + cluster(0, block(2, bytes(192 * 2 * 4_000)))
    yield "255 channels of Opus", webm(audio(255, codec=b"A_OPUS", private=opus_head(255))) + cluster(0, block(2, bytes(99)))
    yield "4 GHz", webm(audio(1, rate=4e9)) + cluster(0, block(2, bytes(4_000)))
    yield "no rate", webm(audio(2, rate=float("nan"))) + cluster(0, block(2, bytes(4_000)))
    yield "a million clusters", webm(video(64, 64)) + b"".join(
        bytes.fromhex("1F43B67586E784") + struct.pack("!I", time) for time in range(1_000_000))
    yield "a million blocks", webm(video(64, 64)) + cluster(0, b"\xa3\x85\x81\0\0\x80\0" * 1_000_000)
    yield "times that leap", webm(video(64, 64), audio(1)) + b"".join(
        cluster(dice.randrange(1 << 62), block(2, bytes(960))) for _ in range(3_000))
    yield "ten thousand tracks", webm(*[video(64, 64)] * 10_000)
    yield "private data", webm(video(64, 64, private=bytes(30 << 20)))
    yield "a size beyond everything", webm(video(64, 64)) + element("1F43B675", bytes(1_000), size=(1 << 56) - 2)
    yield "void", webm(video(64, 64)) + element("EC", bytes(30 << 20))
    yield "nesting", webm() + bytes.fromhex("1F43B675") * 100_000
    yield "four billion samples", mp4(0xFFFF_FFF0)
    yield "boxes in boxes", box(b"ftyp", b"isom" + bytes(4)) + b"".join(box(b"moov", size=0x7FFF_FFFF) for _ in range(100_000))
    yield "empty boxes", box(b"ftyp", b"isom" + bytes(4)) + box(b"free") * 200_000
    yield "noise after a header", webm(video(64, 64), audio(1)) + dice.randbytes(1 << 20)


def media_bombs():
    for name, bomb in bombs():
        # Several at once, each a second time on the same connection.
        connections = [connection for connection in (open_socket() for _ in range(4)) if connection]
        for connection in connections:
            send(connection, frame(bomb[:33_554_432]) * 2 + frame(b'{"type":"session.close"}', opcode=1))
        for connection in connections:
            try:
                drain(connection)
            except TimeoutError:
                print(f"{name}: no end", file=sys.stderr)
                sys.exit(1)
        print(name, flush=True)


def full_of_messages():
    """As many sessions as there may be, each with several messages of the largest size (32 MiB) under way."""
    connections = []
    while (connection := open_socket()) is not None:
        connections.append(connection)
    for connection in connections:
        connection.setblocking(False)
    # A header, then noise of which nobody knows what it is; round and round, until nobody takes any more.
    message = frame(webm(video(64, 64)) + dice.randbytes((32 << 20) - 1_000)) * 4
    left = {connection: memoryview(message) for connection in connections}
    selector = selectors.DefaultSelector()
    for connection in connections:
        selector.register(connection, selectors.EVENT_WRITE)
    while left and (ready := selector.select(timeout=3)):
        for key, _ in ready:
            try:
                count = key.fileobj.send(left[key.fileobj][: 1 << 18])
                left[key.fileobj] = left[key.fileobj][count:]
            except OSError:
                left[key.fileobj] = memoryview(b"")
            if not left[key.fileobj]:
                selector.unregister(key.fileobj)
                del left[key.fileobj]
    assert connections
    for connection in connections:
        connection.close()


globals()[way]()
os._exit(0)
