const WS_URL = "wss://api.interhuman.ai/v1/stream/analyze";
const apiKey = "YOUR_API_KEY"; // In production, do not hardcode—use your app's auth flow.

const ws = new WebSocket(WS_URL, apiKey);
ws.binaryType = "arraybuffer";

ws.addEventListener("open", () => {
  const sessionConfig = {
    include: [
      "conversation_quality_overall",
      "conversation_quality_timeline",
    ],
  };
  ws.send(JSON.stringify(sessionConfig));
});

ws.addEventListener("message", (event) => {
  if (typeof event.data !== "string") return;
  const payload = JSON.parse(event.data);
  console.log(payload.type, payload);
});
