#include <string.h>
#include <zlib.h>

// inflateInit2 is a macro that passes the size of the stream and the version of the header.
static inline int samdata_inflate_init_gzip(z_stream *stream) {
    memset(stream, 0, sizeof *stream);
    return inflateInit2(stream, 15 + 16);
}
