"""The Python peers of WireBenchmarks: prints "NAME<tab>FIGURE", one a line.

peers.py envelopes                messages on stdin, one a line -> microseconds an event
peers.py loopback SIZE SECONDS    for each line on stdin, NAME or NAME tls: echoes of SIZE bytes a second by that peer
                                  for SECONDS, client and server in processes of their own
"""

import asyncio
import json
import multiprocessing
import sys
import time


def envelopes():
    texts = sys.stdin.read().splitlines()

    def best(decode):
        times = []
        for _ in range(7):
            start = time.perf_counter()
            for _ in range(200):
                for text in texts:
                    decode(text)
            times.append((time.perf_counter() - start) / (200 * len(texts)))
        return min(times) * 1e6

    try:
        from interhumanai import parse_stream_event
        print("the vendor's Python SDK", best(lambda text: parse_stream_event(json.loads(text))), sep="\t")
    except ImportError:
        pass
    try:
        import orjson
        print("orjson", best(orjson.loads), sep="\t")
    except ImportError:
        pass


def server_context():
    """A context with a certificate of its own; the clients of a benchmark need not verify it."""
    import os
    import ssl
    import subprocess
    import tempfile

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context.load_cert_chain(certificate, key)
    return context


def client_context():
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def url(port, secure):
    return f"{'wss' if secure else 'ws'}://127.0.0.1:{port}/"


def websockets_server(ready, secure):
    from websockets.asyncio.server import serve

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    async def main():
        context = server_context() if secure else None
        async with serve(echo, "127.0.0.1", 0, max_size=None, compression=None, ssl=context) as server:
            ready.put(server.sockets[0].getsockname()[1])
            await asyncio.get_running_loop().create_future()

    asyncio.run(main())


async def websockets_client(port, payload, seconds, secure):
    from websockets.asyncio.client import connect

    context = client_context() if secure else None
    async with connect(url(port, secure), max_size=None, compression=None, ssl=context) as connection:
        start, count = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            await connection.send(payload)
            await connection.recv()
            count += 1
        return count / (time.perf_counter() - start)


def picows_server(ready, secure):
    import picows

    class Echo(picows.WSListener):
        def on_ws_frame(self, transport, frame):
            if frame.msg_type == picows.WSMsgType.BINARY:
                transport.send(picows.WSMsgType.BINARY, frame.get_payload_as_bytes())
            elif frame.msg_type == picows.WSMsgType.CLOSE:
                transport.disconnect()

    async def main():
        options = {"ssl": server_context()} if secure else {}
        server = await picows.ws_create_server(lambda request: Echo(), "127.0.0.1", 0, **options)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def picows_client(port, payload, seconds, secure):
    import picows

    echoed = asyncio.Queue()

    class Listener(picows.WSListener):
        def on_ws_frame(self, transport, frame):
            echoed.put_nowait(len(frame.get_payload_as_bytes()))

    options = {"ssl_context": client_context()} if secure else {}
    transport, _ = await picows.ws_connect(Listener, url(port, secure), **options)
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        transport.send(picows.WSMsgType.BINARY, payload)
        await echoed.get()
        count += 1
    rate = count / (time.perf_counter() - start)
    transport.disconnect()
    return rate


PEERS = {"picows": (picows_server, picows_client), "websockets": (websockets_server, websockets_client)}


def loopback(size, seconds):
    payload = bytes(index * 31 & 255 for index in range(size))
    for line in sys.stdin:
        name, *mode = line.split()
        server, client = PEERS[name]
        secure = mode == ["tls"]
        ready = multiprocessing.Queue()
        process = multiprocessing.Process(target=server, args=(ready, secure), daemon=True)
        process.start()
        try:
            rate = asyncio.run(client(ready.get(timeout=20), payload, seconds, secure))
            print(line.strip(), rate, sep="\t", flush=True)
        finally:
            process.terminate()
            process.join()


if sys.argv[1] == "envelopes":
    envelopes()
else:
    loopback(int(sys.argv[2]), float(sys.argv[3]))
