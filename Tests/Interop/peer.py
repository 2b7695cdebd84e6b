"""The other side of the interop tests: Python's websockets as server or as client.

    peer.py server OPTIONS          prints its port, then one line of JSON for each connection that ended
    peer.py client OPTIONS URL      talks to an echo server, prints one line of JSON

OPTIONS is a JSON object: "deflate" (parameters of websockets' factory; null for no compression), "chain" and "key"
(a server's certificate), "authority" (whom a client trusts), "close" (whether the client waits to be closed).
"""

import asyncio
import json
import ssl
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed
from websockets.extensions import permessage_deflate
from websockets.frames import Opcode
from websockets.protocol import Protocol

LIMIT = 8 * 1024 * 1024
LONG_TEXT = "Grüße, 世界 👋 " * 20_000
# The last byte of a character and the next character's first ones come in different frames.
SPLIT_TEXT = [b"Gr\xc3", b"", b"\xbc\xc3\x9fe, \xf0\x9f", b"\x91\x8b"]
BINARY = bytes(index * 31 % 251 for index in range(1024 * 1024 + 17))


class Record:
    """What came on the wire; each test has a process of its own, and each process one connection at a time."""

    def __init__(self):
        self.compressed = {"TEXT": 0, "BINARY": 0}
        self.plain = {"TEXT": 0, "BINARY": 0}
        self.pings = 0
        self.pinged = asyncio.Event()

    def frame(self, frame):
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            (self.compressed if frame.rsv1 else self.plain)[frame.opcode.name] += 1

    def ping(self):
        self.pings += 1
        # A peer pings anew only after a sign of life: our pongs reach it.
        if self.pings == 3:
            self.pinged.set()

    def report(self, connection):
        print(json.dumps({
            "compressedTexts": self.compressed["TEXT"], "compressedBinaries": self.compressed["BINARY"],
            "plainTexts": self.plain["TEXT"], "plainBinaries": self.plain["BINARY"],
            "extensions": connection.response.headers.get("Sec-WebSocket-Extensions"),
            "code": connection.close_code, "reason": connection.close_reason,
        }), flush=True)


record = None


def observe():
    """Looks at each frame as it comes, before the extension has inflated it."""
    inflate, receive = permessage_deflate.PerMessageDeflate.decode, Protocol.recv_frame

    def decode(extension, frame, **arguments):
        record.frame(frame)
        return inflate(extension, frame, **arguments)

    def recv_frame(protocol, frame):
        if frame.opcode is Opcode.PING:
            record.ping()
        elif not protocol.extensions:
            record.frame(frame)
        return receive(protocol, frame)

    permessage_deflate.PerMessageDeflate.decode = decode
    Protocol.recv_frame = recv_frame


async def answer(connection):
    global record
    record = Record()
    path = connection.request.path
    try:
        if path == "/close":
            await connection.close(4321, "genug – 足够")
        elif path == "/fragments":
            await connection.send(SPLIT_TEXT, text=True)
            await connection.send([BINARY[start : start + 40_000] for start in range(0, len(BINARY), 40_000)])
        elif path == "/ping":
            await (await connection.ping(b"are you there"))
            await connection.send("pong")
        elif path == "/pinged":
            await record.pinged.wait()
            await connection.send("pinged")
        async for message in connection:
            await connection.send(message)
    except ConnectionClosed:
        pass
    await connection.wait_closed()
    record.report(connection)


async def run_server(options):
    context = None
    if options.get("chain"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["chain"], options["key"])
    deflate = options.get("deflate")
    extensions = None if deflate is None else [permessage_deflate.ServerPerMessageDeflateFactory(**deflate)]
    async with serve(
        answer, "127.0.0.1", 0, ssl=context, compression=None, extensions=extensions, max_size=LIMIT,
        ping_interval=None, close_timeout=None,
    ) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


async def converse(connection):
    """Sends all kinds of messages, whole and in fragments; an answer that is not the same ends the program."""

    async def expect(message, sent=None, text=None):
        await connection.send(message if sent is None else sent, text=text)
        received = await connection.recv()
        if received != message:
            sys.exit(f"The echo of {message[:40]!r} is {received[:40]!r}.")

    for text in ["", "hello", "Grüße, 世界 👋 \0", LONG_TEXT, LONG_TEXT]:
        await expect(text)
    for binary in [b"", b"\0\xff\x80", BINARY]:
        await expect(binary)
    await expect(b"".join(SPLIT_TEXT).decode(), SPLIT_TEXT, text=True)
    await expect(BINARY, [BINARY[:1], b"", BINARY[1:70_000], BINARY[70_000:]])
    await (await connection.ping(b"are you there"))
    await record.pinged.wait()


async def run_client(options, url):
    global record
    record = Record()
    context = ssl.create_default_context(cafile=options["authority"]) if options.get("authority") else None
    deflate = options.get("deflate")
    extensions = None if deflate is None else [permessage_deflate.ClientPerMessageDeflateFactory(**deflate)]
    async with connect(
        url, ssl=context, compression=None, extensions=extensions, max_size=LIMIT, proxy=None, ping_interval=None,
        close_timeout=None, open_timeout=None,
    ) as connection:
        if options.get("close"):
            await connection.wait_closed()
        else:
            await converse(connection)
            await connection.close(4000, "bis später")
        record.report(connection)


if __name__ == "__main__":
    observe()
    options = json.loads(sys.argv[2])
    if sys.argv[1] == "server":
        asyncio.run(run_server(options))
    else:
        asyncio.run(run_client(options, sys.argv[3]))
