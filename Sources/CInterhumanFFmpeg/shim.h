/// FFmpeg's libraries, and the macros of theirs that Swift can't import.
#ifndef CINTERHUMAN_FFMPEG_SHIM_H
#define CINTERHUMAN_FFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

#endif
