#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// jpeglib.h needs FILE and size_t before it.
#include <jpeglib.h>

#include <jerror.h>

// Sound progressive pictures have about ten scans; each costs a walk over the whole picture.
enum { LARGEST_SCAN_COUNT = 200 };

typedef struct {
    struct jpeg_error_mgr manager;
    jmp_buf way_out;
    samdata_jpeg_info *info;
    int is_too_many_scans;
} error_state;

static void keep_message(j_common_ptr codec) {
    error_state *state = (error_state *)codec->err;
    if (state->info->message[0]) return;
    char text[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, text);
    snprintf(state->info->message, sizeof state->info->message, "%s", text);
}

static void leave(j_common_ptr codec) {
    keep_message(codec);
    longjmp(((error_state *)codec->err)->way_out, 1);
}

// Repairs of the entropy coded data mean made-up pixels, so they end the picture; other remarks are counted.
static void remark(j_common_ptr codec, int level) {
    if (level >= 0) return;
    error_state *state = (error_state *)codec->err;
    switch (codec->err->msg_code) {
        case JWRN_HIT_MARKER:
        case JWRN_HUFF_BAD_CODE:
        case JWRN_ARITH_BAD_CODE:
        case JWRN_JPEG_EOF:
        case JWRN_MUST_RESYNC:
        case JWRN_EXTRANEOUS_DATA:
        case JWRN_BOGUS_PROGRESSION:
            leave(codec);
            break;
        default:
            if (state->info->warnings < 1000000) state->info->warnings++;
    }
}

static void print_nothing(j_common_ptr codec) { (void)codec; }

static void watch_scans(j_common_ptr codec) {
    j_decompress_ptr decoder = (j_decompress_ptr)codec;
    if (decoder->input_scan_number <= LARGEST_SCAN_COUNT) return;
    error_state *state = (error_state *)codec->err;
    state->is_too_many_scans = 1;
    snprintf(state->info->message, sizeof state->info->message, "more than %d scans", LARGEST_SCAN_COUNT);
    longjmp(state->way_out, 1);
}

static void set_errors(error_state *state, samdata_jpeg_info *info) {
    memset(info, 0, sizeof *info);
    memset(state, 0, sizeof *state);
    jpeg_std_error(&state->manager);
    state->manager.error_exit = leave;
    state->manager.emit_message = remark;
    state->manager.output_message = print_nothing;
    state->info = info;
}

static samdata_jpeg_status status_of(const error_state *state) {
    if (state->is_too_many_scans) return SAMDATA_JPEG_SCANS;
    switch (state->manager.msg_code) {
        case JERR_NO_SOI:
            return SAMDATA_JPEG_NOT_JPEG;
        case JERR_BAD_PRECISION:
            return SAMDATA_JPEG_PRECISION;
        case JERR_OUT_OF_MEMORY:
        case JERR_NO_BACKING_STORE:
            return SAMDATA_JPEG_NO_MEMORY;
        case JERR_SOF_UNSUPPORTED:
        case JERR_ARITH_NOTIMPL:
        case JERR_NOT_COMPILED:
        case JERR_FRACT_SAMPLE_NOTIMPL:
        case JERR_CCIR601_NOTIMPL:
        case JERR_CONVERSION_NOTIMPL:
            return SAMDATA_JPEG_UNSUPPORTED;
        default:
            return SAMDATA_JPEG_DAMAGED;
    }
}

static samdata_jpeg_colour colour_of(J_COLOR_SPACE space) {
    switch (space) {
        case JCS_GRAYSCALE:
            return SAMDATA_JPEG_GREY;
        case JCS_RGB:
            return SAMDATA_JPEG_RGB;
        case JCS_YCbCr:
            return SAMDATA_JPEG_YCBCR;
        case JCS_CMYK:
            return SAMDATA_JPEG_CMYK;
        case JCS_YCCK:
            return SAMDATA_JPEG_YCCK;
        default:
            return SAMDATA_JPEG_OTHER;
    }
}

// Tables first, then the header of the picture. Called with the way out set.
static void start(
    j_decompress_ptr decoder, const uint8_t *tables, size_t tables_size, const uint8_t *stream, size_t stream_size,
    samdata_jpeg_info *info) {
    if (tables && tables_size > 0) {
        jpeg_mem_src(decoder, tables, (unsigned long)tables_size);
        if (jpeg_read_header(decoder, FALSE) != JPEG_HEADER_TABLES_ONLY) {
            snprintf(info->message, sizeof info->message, "a picture among the shared tables");
            longjmp(((error_state *)decoder->err)->way_out, 1);
        }
    }
    if (stream_size == 0) ERREXIT(decoder, JERR_INPUT_EMPTY);
    jpeg_mem_src(decoder, stream, (unsigned long)stream_size);
    jpeg_read_header(decoder, TRUE);
    info->width = decoder->image_width;
    info->height = decoder->image_height;
    info->components = decoder->num_components;
    info->precision = decoder->data_precision;
    info->colour = colour_of(decoder->jpeg_color_space);
    info->is_progressive = decoder->progressive_mode;
    info->is_arithmetic = decoder->arith_code;
    info->chroma_across = info->chroma_down = 1;
    if (decoder->num_components == 3) {
        const jpeg_component_info *part = decoder->comp_info;
        int across = part[1].h_samp_factor > part[2].h_samp_factor ? part[1].h_samp_factor : part[2].h_samp_factor;
        int down = part[1].v_samp_factor > part[2].v_samp_factor ? part[1].v_samp_factor : part[2].v_samp_factor;
        info->chroma_across = part[0].h_samp_factor / across;
        info->chroma_down = part[0].v_samp_factor / down;
    }
}

samdata_jpeg_status samdata_jpeg_read_header(
    const uint8_t *tables, size_t tables_size, const uint8_t *stream, size_t stream_size, samdata_jpeg_info *info) {
    struct jpeg_decompress_struct decoder;
    error_state errors;
    set_errors(&errors, info);
    memset(&decoder, 0, sizeof decoder);
    decoder.err = &errors.manager;
    if (setjmp(errors.way_out)) {
        jpeg_destroy_decompress(&decoder);
        return status_of(&errors);
    }
    jpeg_create_decompress(&decoder);
    start(&decoder, tables, tables_size, stream, stream_size, info);
    jpeg_destroy_decompress(&decoder);
    return SAMDATA_JPEG_OK;
}

// Whether the stream itself says RGB, whatever surrounds it: components named R, G, B, or an Adobe marker without a
// transform.
static int says_rgb(const struct jpeg_decompress_struct *decoder) {
    if (decoder->num_components != 3) return 0;
    const jpeg_component_info *part = decoder->comp_info;
    if (part[0].component_id == 'R' && part[1].component_id == 'G' && part[2].component_id == 'B') return 1;
    return decoder->saw_Adobe_marker && decoder->Adobe_transform == 0 && !decoder->saw_JFIF_marker;
}

static samdata_jpeg_status refuse(
    j_decompress_ptr decoder, samdata_jpeg_info *info, samdata_jpeg_status status, const char *message) {
    snprintf(info->message, sizeof info->message, "%s", message);
    jpeg_destroy_decompress(decoder);
    return status;
}

samdata_jpeg_status samdata_jpeg_decode(
    const uint8_t *tables, size_t tables_size, const uint8_t *stream, size_t stream_size, samdata_jpeg_colour colour,
    uint32_t least_width, uint32_t least_height, uint32_t most_width, uint32_t most_height, int32_t components,
    uint8_t *pixels, size_t stride, samdata_jpeg_info *info) {
    struct jpeg_decompress_struct decoder;
    struct jpeg_progress_mgr progress;
    error_state errors;
    set_errors(&errors, info);
    memset(&decoder, 0, sizeof decoder);
    memset(&progress, 0, sizeof progress);
    decoder.err = &errors.manager;
    if (setjmp(errors.way_out)) {
        jpeg_destroy_decompress(&decoder);
        return status_of(&errors);
    }
    jpeg_create_decompress(&decoder);
    progress.progress_monitor = watch_scans;
    decoder.progress = &progress;
    start(&decoder, tables, tables_size, stream, stream_size, info);

    if (info->width < least_width || info->height < least_height || info->width > most_width
        || info->height > most_height)
        return refuse(&decoder, info, SAMDATA_JPEG_SIZE, "another size");
    if (decoder.num_components == 1) {
        decoder.jpeg_color_space = JCS_GRAYSCALE;
    } else if (decoder.num_components == 3 && components == 3) {
        if (colour == SAMDATA_JPEG_GREY)
            return refuse(&decoder, info, SAMDATA_JPEG_UNSUPPORTED, "three components in a grey picture");
        // An explicit mark in the stream beats the container; the container beats libjpeg's guess.
        if (colour == SAMDATA_JPEG_RGB || (colour == SAMDATA_JPEG_YCBCR && says_rgb(&decoder)))
            decoder.jpeg_color_space = JCS_RGB;
        else if (colour == SAMDATA_JPEG_YCBCR)
            decoder.jpeg_color_space = JCS_YCbCr;
        if (decoder.jpeg_color_space != JCS_RGB && decoder.jpeg_color_space != JCS_YCbCr)
            return refuse(&decoder, info, SAMDATA_JPEG_UNSUPPORTED, "components of unknown meaning");
    } else {
        return refuse(&decoder, info, SAMDATA_JPEG_UNSUPPORTED, "a number of components without a colour model here");
    }
    info->colour = colour_of(decoder.jpeg_color_space);
    decoder.out_color_space = components == 3 ? JCS_RGB : JCS_GRAYSCALE;
    // The accurate integer transform with smooth chroma: what every other reader of slides uses, bit for bit.
    decoder.dct_method = JDCT_ISLOW;
    decoder.do_fancy_upsampling = TRUE;
    jpeg_start_decompress(&decoder);
    while (decoder.output_scanline < decoder.output_height) {
        JSAMPROW rows[16];
        JDIMENSION left = decoder.output_height - decoder.output_scanline;
        JDIMENSION count = left < 16 ? left : 16;
        for (JDIMENSION row = 0; row < count; row++)
            rows[row] = pixels + (size_t)(decoder.output_scanline + row) * stride;
        jpeg_read_scanlines(&decoder, rows, count);
    }
    // Also reads to the end marker: a stream cut behind its last row is damaged too.
    jpeg_finish_decompress(&decoder);
    jpeg_destroy_decompress(&decoder);
    return SAMDATA_JPEG_OK;
}

samdata_jpeg_status samdata_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t components, size_t stride, int32_t quality,
    int32_t chroma_across, int32_t chroma_down, int32_t keep_rgb, uint8_t **stream, size_t *stream_size,
    samdata_jpeg_info *info) {
    struct jpeg_compress_struct encoder;
    error_state errors;
    const size_t first_size = 1 << 16;
    struct {
        unsigned char *bytes;
        unsigned long size;
    } target = {malloc(first_size), first_size};
    set_errors(&errors, info);
    *stream = NULL;
    *stream_size = 0;
    if (!target.bytes) return SAMDATA_JPEG_NO_MEMORY;
    memset(&encoder, 0, sizeof encoder);
    encoder.err = &errors.manager;
    unsigned char *volatile first = target.bytes;
    if (setjmp(errors.way_out)) {
        jpeg_destroy_compress(&encoder);
        // Errors come before the first byte or with an empty memory; a grown buffer belongs to libjpeg.
        free(first);
        return status_of(&errors);
    }
    jpeg_create_compress(&encoder);
    jpeg_mem_dest(&encoder, &target.bytes, &target.size);
    encoder.image_width = width;
    encoder.image_height = height;
    encoder.input_components = components;
    encoder.in_color_space = components == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&encoder);
    if (components == 3 && keep_rgb) jpeg_set_colorspace(&encoder, JCS_RGB);
    jpeg_set_quality(&encoder, quality, TRUE);
    encoder.dct_method = JDCT_ISLOW;
    if (components == 3) {
        encoder.comp_info[0].h_samp_factor = keep_rgb ? 1 : chroma_across;
        encoder.comp_info[0].v_samp_factor = keep_rgb ? 1 : chroma_down;
        for (int part = 1; part < 3; part++)
            encoder.comp_info[part].h_samp_factor = encoder.comp_info[part].v_samp_factor = 1;
    }
    jpeg_start_compress(&encoder, TRUE);
    while (encoder.next_scanline < height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)encoder.next_scanline * stride);
        jpeg_write_scanlines(&encoder, &row, 1);
    }
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    // A buffer that was outgrown is not freed by libjpeg when it was given from outside.
    if (target.bytes != first) free(first);
    *stream = target.bytes;
    *stream_size = target.size;
    return SAMDATA_JPEG_OK;
}

void samdata_jpeg_free(uint8_t *stream) { free(stream); }
