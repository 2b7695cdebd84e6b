if (recorder && recorder.state !== "inactive") {
  recorder.stop();
}
ws.close();
mediaStream.getTracks().forEach((track) => track.stop());
