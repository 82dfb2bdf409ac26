/* augment IMAGE.npy LABEL.npy SIDE COUNT    flip, rotate and shift a slice with its label COUNT times, one pass over the result
 *
 * Bilinear image, nearest label, 0 outside. Rows are cut where they leave the picture, so the inner loop has no test. `work` is
 * CPU seconds after loading. */
#define _GNU_SOURCE
#include "common.h"
#include <math.h>

static void *array(const char *path, size_t bytes) {
    FILE *file = fopen(path, "rb");
    unsigned char start[10];
    if (!file || fread(start, 1, 10, file) != 10) exit(66);
    fseek(file, 10 + start[8] + 256 * start[9], SEEK_SET);
    void *values = malloc(bytes + 64);
    if (fread(values, 1, bytes, file) != bytes) exit(74);
    fclose(file);
    return values;
}

/* Narrows first...last to where low <= start + n * step <= high. */
static void within(double start, double step, double low, double high, int *first, int *last) {
    if (fabs(step) < 1e-12) {
        if (start < low || start > high) *last = -1;
        return;
    }
    double a = (low - start) / step, b = (high - start) / step;
    if (a > b) { double c = a; a = b; b = c; }
    if (ceil(a) > *first) *first = (int)ceil(a);
    if (floor(b) < *last) *last = (int)floor(b);
}

int main(int count, char **words) {
    if (count != 5) return 64;
    int side = atoi(words[3]), times = atoi(words[4]);
    size_t plane = (size_t)side * side;
    float *image = array(words[1], plane * sizeof(float)), *out = malloc(plane * sizeof(float));
    uint8_t *label = array(words[2], plane), *map = malloc(plane);
    double work = 0, grey = 0, area = 0, organs = 0, centre = (side - 1) / 2.0;
    for (int n = 0; n < times; n++) {
        double angle = (n * 7919 % 4001 - 2000) / 100.0, turn = angle * M_PI / 180, c = cos(turn), s = sin(turn);
        float shift = (float)(angle / 200);
        double start = cpu();
        for (int y = 0; y < side; y++) {
            /* the source of pixel x of this row, mirrored after turning back */
            double x0 = centre - (c * -centre - s * (y - centre)), dx = -c;
            double y0 = centre + (s * -centre + c * (y - centre)), dy = s;
            float *to = out + (size_t)y * side;
            uint8_t *of = map + (size_t)y * side;
            int first = 0, last = side - 1;
            within(x0, dx, 0, side - 1.000001, &first, &last);
            within(y0, dy, 0, side - 1.000001, &first, &last);
            if (last < first) { first = side; last = side - 1; }
            for (int x = 0; x < first; x++) { to[x] = shift; of[x] = 0; }
            for (int x = first; x <= last; x++) {
                float px = (float)(x0 + dx * x), py = (float)(y0 + dy * x);
                int ix = (int)px, iy = (int)py;
                float fx = px - ix, fy = py - iy;
                const float *p = image + (size_t)iy * side + ix;
                float top = p[0] + fx * (p[1] - p[0]), low = p[side] + fx * (p[side + 1] - p[side]);
                to[x] = top + fy * (low - top) + shift;
                of[x] = label[(size_t)(int)(py + 0.5f) * side + (int)(px + 0.5f)];
            }
            for (int x = last + 1; x < side; x++) { to[x] = shift; of[x] = 0; }
        }
        work += cpu() - start;
        if (n % 20 == 0)
            for (size_t k = 0; k < plane; k++) { grey += out[k]; area += map[k] > 0; organs += map[k]; }
    }
    printf("{\"sums\": {\"grey\": %.17g, \"area\": %.17g, \"organs\": %.17g}, \"work\": %.6f}\n", grey, area, organs, work);
}
