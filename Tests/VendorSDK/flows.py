"""Runs one flow of the vendor's own SDK (`interhumanai`, unmodified) against a service, and fails where that fails.

flows.py FLOW BASE_URL MEDIA_DIRECTORY

The directory has our segments as 0.webm, 1.webm, …: joined, one WebM stream. Prints the events as one line of JSON.
"""

import asyncio
import json
import pathlib
import random
import sys

from interhumanai import (
    AuthClient, GoalDimension, IncludeFlag, InterhumanAPIError, InterhumanClient, InterhumanError, RawAudioFormat,
    Scope, StreamModel, UnknownEvent,
)

KEY, KEY_ID, KEY_SECRET = "right-key", "key-1", "right-secret"
ALL = dict(include=list(IncludeFlag), goal_dimensions=list(GoalDimension))
flow_name, base_url, directory = sys.argv[1:]
segments = [path.read_bytes() for path in sorted(pathlib.Path(directory).glob("*.webm"))]


def client(token=KEY):
    return InterhumanClient(access_token=token, base_url=base_url)


async def events_of(stream, until=None):
    """Typed events up to the end, or to the first of a type. Any that the SDK's models refuse raises."""
    events = []
    async for event in stream:
        assert not isinstance(event, UnknownEvent), event
        assert event.correlation_id, event
        events.append(event)
        if event.type == until:
            break
    return events


def types(events):
    return [event.type for event in events]


def found(events):
    """What the analysis says, without what differs from run to run."""
    return [
        (event.type, event.data.model_dump(mode="json")) for event in events if not event.type.startswith("session.")
    ]


def errors(events):
    return [event.data.code for event in events if event.type == "error"]


async def session(stream, messages, **config):
    """A whole session: ready, configuration, media, drain."""
    async with stream:
        ready = await stream.wait_for_session_ready()
        assert ready.data.max_segment_size_bytes == 33_554_432, ready
        await stream.update_config(**config)
        reading = asyncio.create_task(events_of(stream))
        for message in messages:
            await stream.send_video(message)
        await stream.request_close()
        events = await reading
        closed = await stream.wait_closed()
    assert closed.code == 1000, closed
    assert types(events)[:2] == ["session.ready", "session.updated"], types(events)
    assert types(events)[-1] == "session.ended" and "session.closing" in types(events), types(events)
    assert events[-1].data.reason == "client_shutdown", events[-1]
    return events


async def refusal(opening):
    try:
        await opening
    except InterhumanError as error:
        return error
    raise AssertionError("nothing was refused")


def check_findings(events):
    for name in ["signal.detected", "signal.ended", "engagement.updated", "conversation_quality.updated"]:
        assert name in types(events), (name, types(events))
    assert not errors(events), errors(events)


async def v1():
    events = await session(client().stream(), segments, **ALL)
    check_findings(events)
    assert "feedback.generated" in types(events)
    assert all(event.data.modality for event in events if event.type == "signal.detected")
    return events


async def v2():
    for model in [None, StreamModel.INTER_2]:
        stream = client().stream(api_version="v2", model=model)
        events = await session(stream, segments, **ALL)
        check_findings(events)
        assert events[0].data.supported_session_config_options.model == [
            StreamModel.INTER_2, StreamModel.INTER_2_AUDIO
        ]
        assert events[1].data.model == StreamModel.INTER_2
        assert all(event.data.modality is None for event in events if event.type == "signal.detected")
    return events


async def v2_audio():
    audible = {"agreement", "confidence", "frustration", "hesitation", "interest", "uncertainty"}
    stream = client().stream(api_version="v2", model=StreamModel.INTER_2_AUDIO)
    events = await session(stream, segments, **ALL)
    assert events[1].data.model == StreamModel.INTER_2_AUDIO
    signals = {event.data.signal_type.value for event in events if event.type == "signal.detected"}
    assert signals and signals <= audible, signals
    return events


async def raw_audio():
    # 7 s of a square wave, cut anywhere.
    samples = b"".join((6000 if i // 64 % 2 else -6000).to_bytes(2, "little", signed=True) for i in range(16_000 * 7))
    stream = client().stream(api_version="v2", model=StreamModel.INTER_2_AUDIO)
    async with stream:
        await stream.wait_for_session_ready()
        await stream.update_config(audio_format=RawAudioFormat(), **ALL)
        reading = asyncio.create_task(events_of(stream))
        for start in range(0, len(samples), 33_333):
            await stream.send_audio(samples[start:start + 33_333])
        await stream.request_close()
        events = await reading
    assert not errors(events), errors(events)
    assert "conversation_quality.updated" in types(events)
    return events


async def slices():
    """What a MediaRecorder sends: one stream, cut anywhere. The findings are the same, whatever the cuts."""
    joined = b"".join(segments)
    whole = await session(client().stream(), segments, **ALL)
    cuts = random.Random(8)
    for size in [7_001, 65_537, len(joined)]:
        pieces, start = [], 0
        while start < len(joined):
            end = start + cuts.randint(1, size)
            pieces.append(joined[start:end])
            start = end
        events = await session(client().stream(), pieces, **ALL)
        assert found(events) == found(whole), size
    return whole


async def config_updates():
    stream = client().stream(api_version="v2")
    async with stream:
        await stream.wait_for_session_ready()
        await stream.update_config(include=[IncludeFlag.CONVERSATION_QUALITY_OVERALL], goal_dimensions=["energy"])
        await stream.update_config(model=StreamModel.INTER_2_AUDIO)
        await stream.update_config(include=["moods"])
        await stream.update_config(model="inter-3")
        await stream.update_config(audio_format=RawAudioFormat(sample_rate=24_000))
        await stream.send_audio(bytes(4_800))
        await stream.update_config(model=StreamModel.INTER_2)
        await stream.update_config(**ALL)
        await stream.request_close()
        events = await events_of(stream)
    kinds = types(events)
    assert kinds == [
        "session.ready", "session.updated", "session.updated", "error", "error", "session.updated", "error",
        "session.updated", "session.closing", "session.ended",
    ], kinds
    assert errors(events) == ["ih6001"] * 3, errors(events)
    first, second, third, last = (event.data for event in events if event.type == "session.updated")
    assert first.include == ["conversation_quality_overall"] and first.goal_dimensions == ["energy"]
    # A frame replaces both, and keeps the model in force.
    assert second.include == [] and not second.goal_dimensions and second.model == StreamModel.INTER_2_AUDIO
    assert third.model == last.model == StreamModel.INTER_2_AUDIO
    assert last.include == list(IncludeFlag)
    return events


async def immediate_close():
    stream = client().stream()
    await stream.connect()
    await stream.wait_for_session_ready()
    await stream.send_video(segments[0])
    await stream.close()
    closed = await stream.wait_closed()
    assert closed.code == 1000, closed
    return []


async def gap():
    events = await session(client().stream(), segments[:1] + segments[2:], **ALL)
    ranges = [part for event in events if event.type == "coverage.dropped" for part in event.data.ranges]
    assert len(ranges) == 1 and abs(ranges[0].end - ranges[0].start - 3) < 0.3, ranges
    return events


async def bad_media():
    stream = client().stream()
    async with stream:
        await stream.wait_for_session_ready()
        await stream.update_config(**ALL)
        await stream.send_video(b"no media at all" * 100)
        events = await events_of(stream, until="error")
        assert errors(events) == ["ih5004"] and events[-1].data.segment == 0, events
        for segment in segments:
            await stream.send_video(segment)
        await stream.request_close()
        later = await events_of(stream)
    check_findings(later)
    return events + later


async def refused():
    error = await refusal(client("wrong-key").stream().connect())
    assert "401" in str(error), error
    stream = client().stream(api_version="v2", model="inter-3")
    await stream.connect()
    error = await refusal(stream.wait_for_session_ready())
    assert "ih4005" in str(error), error
    closed = await stream.wait_closed()
    assert closed.code == 1008, closed
    # A token for uploads opens no stream.
    auth = AuthClient(base_url=base_url)
    token = await auth.create_token(key_id=KEY_ID, key_secret=KEY_SECRET, scopes=[Scope.UPLOAD])
    stream = client(token.access_token).stream()
    await stream.connect()
    error = await refusal(stream.wait_for_session_ready())
    assert "ih2003" in str(error), error
    closed = await stream.wait_closed()
    assert closed.code == 4003, closed
    return []


async def managed_token():
    api = InterhumanClient(key_id=KEY_ID, key_secret=KEY_SECRET, base_url=base_url)
    events = await session(api.stream(), segments[:1], **ALL)
    assert await api.get_token() == await api.get_token()
    auth = api.auth
    token = await auth.create_token(key_id=KEY_ID, key_secret=KEY_SECRET, scopes=[Scope.STREAM_INTER_2])
    assert token.token_type == "Bearer" and token.expires_in > 0 and token.scope == Scope.STREAM.value, token
    for arguments, status, code in [
        (dict(key_id=KEY_ID, key_secret="wrong", scopes=[Scope.STREAM]), 401, "ih2001"),
        (dict(key_id=KEY_ID, key_secret="", scopes=[Scope.STREAM]), 401, "ih2005"),
        (dict(key_id="", key_secret=KEY_SECRET, scopes=[Scope.STREAM]), 401, "ih2002"),
        (dict(key_id=KEY_ID, key_secret=KEY_SECRET, scopes=[Scope.REALTIME]), 403, "ih2003"),
        (dict(key_id=KEY_ID, key_secret=KEY_SECRET, scopes=[]), 400, "ih4000"),
    ]:
        error = await refusal(auth.create_token(**arguments))
        assert isinstance(error, InterhumanAPIError), error
        assert (error.status, error.error_id) == (status, code), error
        assert error.correlation_id and error.link, error.body
    return events


async def client_tokens():
    auth = AuthClient(base_url=base_url)
    plain = await auth.create_client_token(api_key=KEY)
    assert plain.scope == Scope.STREAM.value and plain.expires_in == 300 and plain.max_concurrent == 1, plain
    capped = await auth.create_client_token(
        api_key=KEY, scopes=[Scope.STREAM], expires_in=5, max_duration_seconds=60, max_bytes=10_000_000,
        max_concurrent=2, max_video_seconds=60, allowed_origins=["https://example.com"])
    assert capped.expires_in == 60 and capped.max_duration_seconds == 60, capped
    assert capped.allowed_origins == ["https://example.com"] and capped.max_video_seconds == 60, capped
    error = await refusal(client(capped.access_token).stream().connect())
    assert "403" in str(error), error

    # One session at a time; the place is free again when the first has ended.
    first = client(plain.access_token).stream()
    await first.connect()
    ready = await first.wait_for_session_ready()
    assert ready.data.session_max_duration_seconds == 3600
    error = await refusal(client(plain.access_token).stream().connect())
    assert "429" in str(error), error
    await first.close()

    timed = await auth.create_client_token(api_key=KEY, max_duration_seconds=90)
    async with client(timed.access_token).stream() as stream:
        assert (await stream.wait_for_session_ready()).data.session_max_duration_seconds == 90

    await auth.revoke_client_token(api_key=KEY, token=timed.access_token)
    await auth.revoke_client_token(api_key=KEY, token=timed.access_token)
    await auth.revoke_client_token(api_key=KEY, token="ihct_unknown")
    error = await refusal(client(timed.access_token).stream().connect())
    assert "401" in str(error), error
    error = await refusal(auth.create_client_token(api_key="wrong-key"))
    assert (error.status, error.error_id) == (401, "ih2001"), error
    error = await refusal(auth.create_client_token(api_key=KEY, max_bytes=0))
    assert error.status == 400, error
    return []


async def budgets():
    auth = AuthClient(base_url=base_url)
    for cap, code in [(dict(max_bytes=len(segments[0]) + 1), "ih3003"), (dict(max_video_seconds=4), "ih3006")]:
        token = (await auth.create_client_token(api_key=KEY, **cap)).access_token
        stream = client(token).stream()
        await stream.connect()
        await stream.wait_for_session_ready()
        reading = asyncio.create_task(events_of(stream))
        try:
            for segment in segments:
                await stream.send_video(segment)
        except InterhumanError:
            pass
        events = await reading
        assert errors(events) == [code], (code, types(events))
        closed = await stream.wait_closed()
        assert closed.code == 4029, closed
        # What is used up stays so.
        again = client(token).stream()
        await again.connect()
        error = await refusal(again.wait_for_session_ready())
        assert code in str(error), error
    return events


async def limits():
    """A service whose sessions may be idle for a second only."""
    stream = client().stream()
    await stream.connect()
    events = await events_of(stream)
    assert errors(events) == ["ih6003"], events
    assert events[-1].data.reason == "idle_timeout", events[-1]
    closed = await stream.wait_closed()
    assert closed.code == 1000, closed
    return events


async def oversized():
    """A service that takes messages of up to 1,000 bytes."""
    stream = client().stream()
    await stream.connect()
    await stream.wait_for_session_ready()
    await stream.send_video(bytes(1_001))
    events = await events_of(stream)
    assert errors(events) == ["ih6002"], events
    closed = await stream.wait_closed()
    assert closed.code == 1009, closed
    return events


async def large_frame():
    stream = client().stream()
    async with stream:
        await stream.wait_for_session_ready()
        await stream.send_video(bytes(300_000))
        await stream.request_close()
        events = await events_of(stream)
    assert errors(events) == ["ih5004"], events
    return events


async def uploads():
    """Not part of this service: the SDK gets an error that it can read."""
    error = await refusal(client().upload.analyze(segments[0][:1_000]))
    assert (error.status, error.error_id) == (404, "ih4000"), error
    return []


result = asyncio.run(globals()[flow_name]())
print(json.dumps([[event.type, event.data.model_dump(mode="json")] for event in result]))
