import asyncio
import json
import os

import websockets

WS_URL = "wss://api.interhuman.ai/v1/stream/analyze"


async def connect():
    api_key = os.environ["API_KEY"]
    headers = {"Authorization": f"Bearer {api_key}"}

    ws = await websockets.connect(
        WS_URL,
        additional_headers=headers,
        max_size=None,
    )

    session_config = {
        "include": [
            "conversation_quality_overall",
            "conversation_quality_timeline",
        ],
    }
    await ws.send(json.dumps(session_config))
    return ws


# Example: ws = asyncio.run(connect())
