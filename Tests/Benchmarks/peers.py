"""The Python peers of WireBenchmarks: prints "NAME<tab>FIGURE", one a line.

peers.py envelopes                messages on stdin, one a line -> microseconds an event
peers.py loopback SIZE SECONDS    echoes of SIZE bytes a second, client and server in processes of their own
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


def websockets_server(ready):
    from websockets.asyncio.server import serve

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    async def main():
        async with serve(echo, "127.0.0.1", 0, max_size=None, compression=None) as server:
            ready.put(server.sockets[0].getsockname()[1])
            await asyncio.get_running_loop().create_future()

    asyncio.run(main())


async def websockets_client(port, size, seconds):
    from websockets.asyncio.client import connect

    payload = bytes(index * 31 & 255 for index in range(size))
    async with connect(f"ws://127.0.0.1:{port}", max_size=None, compression=None) as connection:
        start, count = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            await connection.send(payload)
            await connection.recv()
            count += 1
        return count / (time.perf_counter() - start)


def picows_server(ready):
    import picows

    class Echo(picows.WSListener):
        def on_ws_frame(self, transport, frame):
            if frame.msg_type == picows.WSMsgType.BINARY:
                transport.send(picows.WSMsgType.BINARY, frame.get_payload_as_bytes())
            elif frame.msg_type == picows.WSMsgType.CLOSE:
                transport.disconnect()

    async def main():
        server = await picows.ws_create_server(lambda request: Echo(), "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def picows_client(port, size, seconds):
    import picows

    payload = bytes(index * 31 & 255 for index in range(size))
    echoed = asyncio.Queue()

    class Listener(picows.WSListener):
        def on_ws_frame(self, transport, frame):
            echoed.put_nowait(len(frame.get_payload_as_bytes()))

    transport, _ = await picows.ws_connect(Listener, f"ws://127.0.0.1:{port}/")
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        transport.send(picows.WSMsgType.BINARY, payload)
        await echoed.get()
        count += 1
    rate = count / (time.perf_counter() - start)
    transport.disconnect()
    return rate


def loopback(size, seconds):
    for name, server, client in [
        ("picows", picows_server, picows_client), ("websockets", websockets_server, websockets_client),
    ]:
        ready = multiprocessing.Queue()
        process = multiprocessing.Process(target=server, args=(ready,), daemon=True)
        process.start()
        try:
            print(name, asyncio.run(client(ready.get(timeout=20), size, seconds)), sep="\t", flush=True)
        finally:
            process.terminate()


if sys.argv[1] == "envelopes":
    envelopes()
else:
    loopback(int(sys.argv[2]), float(sys.argv[3]))
