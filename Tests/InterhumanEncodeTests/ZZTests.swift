import InterhumanCore
import InterhumanEncode
import Testing
import Foundation
func cpu() -> Double { var r = rusage(); getrusage(__rusage_who_t(0), &r); return Double(r.ru_utime.tv_sec + r.ru_stime.tv_sec) + Double(r.ru_utime.tv_usec + r.ru_stime.tv_usec)/1e6 }
func rss() -> Int { let s = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""; return (Int(s.split(separator: " ")[1]) ?? 0) * 4 }
@Test func zzfile() async throws {
  for (name, settings) in [("360p30 default", SegmentSettings()), ("720p30", SegmentSettings(maximumWidth: 1280, maximumHeight: 720))] {
    let file = try await MediaFile.open(path: "/work/shared/media/bigbuckbunny.mp4", options: .init(pacing: .unpaced, playCount: 3))
    let v = try #require(file.video), a = try #require(file.audio)
    let vs = try await v.start(), as_ = try await a.start()
    var frames: [VideoFrame] = [], chunks: [AudioChunk] = []
    for try await f in vs.frames { frames.append(f) }
    for try await c in as_.chunks { chunks.append(c) }
    let base = frames[0].captureTime
    // play at 30 frames a second
    for i in frames.indices { frames[i].captureTime = base + .nanoseconds(Int64(i) * 1_000_000_000 / 30) }
    let enc = try await FFmpegSegmentEncoderFactory(settings: settings).makeFFmpegEncoder(video: .init(format: vs.format, nominalFrameRate: 30), audio: .init(format: as_.format), epoch: base)
    let c1 = cpu()
    var segs: [MediaSegment] = []; var delays: [Double] = [], all: [Double] = []
    var ci = 0
    func timed(_ body: () async throws -> [MediaSegment]) async throws {
      let t0 = DispatchTime.now().uptimeNanoseconds
      let s = try await body()
      let d = Double(DispatchTime.now().uptimeNanoseconds - t0)/1e6
      all.append(d)
      if !s.isEmpty { delays.append(d); segs += s }
    }
    for f in frames {
      while ci < chunks.count, chunks[ci].captureTime + chunks[ci].duration < f.captureTime { let c = chunks[ci]; try await timed { try await enc.encode(c) }; ci += 1 }
      try await timed { try await enc.encode(f) }
    }
    segs += try await enc.finish()
    let secs = (frames.last!.captureTime - base).inSeconds
    all.sort()
    print(name, "frames", frames.count, "cpu/s", (cpu()-c1)/secs, "kbps", Double(segs.reduce(0){$0+$1.byteCount})*8/secs/1000, "call ms p50", all[all.count/2], "p99", all[all.count*99/100], "completing calls", delays)
  }
}
@Test func zzrss() async throws {
  var run = EncodingRun.steady(seconds: 3, frameRate: 15)
  run.settings.segmentDuration = .seconds(1)
  var readings: [Int] = []
  for turn in 0..<60 { let s = try await run.run().segments; _ = try await Recording.decode(s.messages); if turn % 10 == 9 { readings.append(rss()) } }
  print("rss KiB", readings, "threads", try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count)
}
