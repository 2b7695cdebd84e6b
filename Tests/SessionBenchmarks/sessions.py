"""The vendor's Python SDK under the workload of SessionBenchmarks.

sessions.py URL CA FOLDER SESSIONS SEGMENTS -> resident bytes a session idle and at most, processor seconds a segment
"""

import asyncio
import os
import resource
import sys

url, ca, folder, sessions, segments = sys.argv[1:4] + [int(number) for number in sys.argv[4:6]]
os.environ["SSL_CERT_FILE"] = ca
limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

from interhumanai import StreamClient  # noqa: E402
from interhumanai.types import IncludeFlag  # noqa: E402


class Token:
    async def get_token(self):
        return "benchmark"


def resident(name="VmRSS:"):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def opened(places):
    async with places:
        client = StreamClient(token_provider=Token(), base_url=url.replace("wss://", "https://"))
        await client.connect()
        await client.wait_for_session_ready()
        await client.update_config(include=[IncludeFlag.CONVERSATION_QUALITY_OVERALL])
        return client


async def stream(client, messages):
    for message in messages:
        await client.send_video(message)
    await client.request_close()
    async for _ in client:
        pass


async def main():
    messages = [open(os.path.join(folder, str(index)), "rb").read() for index in range(segments)]
    before = resident()
    places = asyncio.Semaphore(32)
    clients = await asyncio.gather(*(opened(places) for _ in range(sessions)))
    idle = resident() - before
    start = processor_seconds()
    await asyncio.gather(*(stream(client, messages) for client in clients))
    used = processor_seconds() - start
    print(idle / sessions, (resident("VmHWM:") - before) / sessions, used / (sessions * segments), sep="\t")


asyncio.run(main())
