/// FFmpeg's libraries, and what of theirs Swift can't import: macros, and fields that changed between 5.1 and 7.x.
///
/// The oldest supported release is FFmpeg 5.1 (libavcodec 59, libavformat 59, libavutil 57).
#ifndef CINTERHUMAN_FFMPEG_SHIM_H
#define CINTERHUMAN_FFMPEG_SHIM_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <sys/prctl.h>

#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(59, 37, 100) || LIBAVUTIL_VERSION_INT < AV_VERSION_INT(57, 28, 100)
#error "FFmpeg 5.1 or later is needed: its channel layouts (AVChannelLayout) are used."
#endif

/* Error codes that are built by macros. */
static const int ih_averror_eof = AVERROR_EOF;
static const int ih_averror_exit = AVERROR_EXIT;
static const int ih_averror_again = AVERROR(EAGAIN);
static const int ih_averror_invaliddata = AVERROR_INVALIDDATA;
static const int ih_averror_nosys = AVERROR(ENOSYS);
static const int ih_averror_eacces = AVERROR(EACCES);
static const int ih_averror_eio = AVERROR(EIO);

/* Times that are built by macros. */
static const int64_t ih_nopts = AV_NOPTS_VALUE;

/* Flags whose values Swift imports with the wrong type or not at all. */
static const int ih_flag_custom_io = AVFMT_FLAG_CUSTOM_IO;
static const int ih_frame_flag_corrupt = AV_FRAME_FLAG_CORRUPT;
static const int ih_packet_flag_key = AV_PKT_FLAG_KEY;
static const int ih_codec_flag_global_header = AV_CODEC_FLAG_GLOBAL_HEADER;
static const int ih_codec_flag_psnr = AV_CODEC_FLAG_PSNR;
static const int ih_format_flag_global_header = AVFMT_GLOBALHEADER;
static const int ih_seek_size = AVSEEK_SIZE;
static const int ih_seek_force = AVSEEK_FORCE;
static const int ih_error_recognition_strict = AV_EF_EXPLODE | AV_EF_CRCCHECK;
static const int ih_log_error = AV_LOG_ERROR;

/// Writes FFmpeg's text for an error code.
static inline void ih_error_text(int code, char *text, size_t size) {
    if (av_strerror(code, text, size) < 0) text[0] = 0;
}

/// An AVIOContext that hands what is written to `write`, whose bytes were not `const` until libavformat 61. Takes over
/// `buffer` (from `av_malloc`).
static inline AVIOContext *ih_writer(
    uint8_t *buffer, int size, void *opaque, int (*write)(void *, const uint8_t *, int),
    int64_t (*seek)(void *, int64_t, int)) {
#if LIBAVFORMAT_VERSION_MAJOR < 61
    return avio_alloc_context(buffer, size, 1, opaque, NULL, (int (*)(void *, uint8_t *, int))write, seek);
#else
    return avio_alloc_context(buffer, size, 1, opaque, NULL, write, seek);
#endif
}

/// Frame duration in time base units; until libavcodec 60.3 libvpx was told `ticks_per_frame` instead.
static inline void ih_set_frame_ticks(AVCodecContext *context, int ticks) {
#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(60, 31, 100)
    context->ticks_per_frame = ticks;
#else
    (void)context;
    (void)ticks;
#endif
}

/// Sets how long a frame is shown, in time base units.
static inline void ih_set_frame_duration(AVFrame *frame, int64_t duration) {
#if LIBAVUTIL_VERSION_INT < AV_VERSION_INT(57, 30, 100)
    frame->pkt_duration = duration;
#else
    frame->duration = duration;
#endif
}

/// How long a decoded frame is shown, in time base units; 0 when unknown.
static inline int64_t ih_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT < AV_VERSION_INT(57, 30, 100)
    return frame->pkt_duration;
#else
    return frame->duration;
#endif
}

/// Converts interleaved output from planes whose type lost and gained `const` between releases.
static inline int ih_convert(
    struct SwrContext *context, uint8_t *output, int output_count, const uint8_t *const *input, int input_count) {
    return swr_convert(context, &output, output_count, (const uint8_t **)input, input_count);
}

/// Names the calling thread; at most 15 bytes are kept.
static inline void ih_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

/// Whether a decoded frame is a keyframe.
static inline int ih_frame_is_key(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT < AV_VERSION_INT(58, 7, 100)
    return frame->key_frame;
#else
    return (frame->flags & AV_FRAME_FLAG_KEY) != 0;
#endif
}

#endif
