/* nuclei IMAGE.tif OUTLINES.xml COUNT: COUNT times from the files to pixels, instance map, boxes and exact centres of all nuclei.
 * The XML is searched for its vertices, nothing else is read of it; nothing is checked. */
#include "histology.h"
#include <stdint.h>
#include <tiffio.h>

enum { most = 1 << 16, wide = 2048 };
typedef struct { int x0, y0, x1, y1; } box;
static uint32_t *ids;
static int width, height, number;
static long contested;
static unsigned char *twice;
static int distance[wide * wide], sites[wide], starts[wide];

static void run(int y, int start, int end, void *context) {
    uint32_t *row = ids + (size_t)y * width;
    for (int x = start; x < end; x++)
        if (!row[x])
            row[x] = number;
        else if (!twice[(size_t)y * width + x])
            twice[(size_t)y * width + x] = 1, contested++;
}

/* The most interior pixel under the exact Euclidean distance; ties go to the first in row order. */
static void centre(uint32_t id, box b, int *px, int *py) {
    int w = b.x1 - b.x0 + 3, h = b.y1 - b.y0 + 3, best = -1;
    memset(distance, 0, w * sizeof *distance);
    for (int y = 1; y < h - 1; y++) {
        int *row = distance + y * w, *above = row - w;
        const uint32_t *p = ids + (size_t)(b.y0 + y - 1) * width + b.x0 - 1;
        row[0] = row[w - 1] = 0;
        for (int x = 1; x < w - 1; x++) row[x] = p[x] == id ? above[x] + 1 : 0;
    }
    memset(distance + (h - 1) * w, 0, w * sizeof *distance);
    for (int y = h - 2; y > 0; y--) {
        int *row = distance + y * w, *below = row + w;
        for (int x = 1; x < w - 1; x++) row[x] = row[x] < below[x] + 1 ? row[x] : below[x] + 1;
    }
    for (int y = 1; y < h - 1; y++) {
        int *row = distance + y * w, highest = 0, top = 0;
        for (int x = 0; x < w; x++) highest = highest > row[x] ? highest : row[x];
        if (highest * highest <= best) continue;
        sites[0] = starts[0] = 0;
        for (int u = 1; u < w; u++) {
            while (top >= 0) {
                int s = sites[top], t = starts[top];
                if ((t - s) * (t - s) + row[s] * row[s] <= (t - u) * (t - u) + row[u] * row[u]) break;
                top--;
            }
            if (top < 0) {
                top = 0, sites[0] = u, starts[0] = 0;
            } else {
                int s = sites[top];
                int start = 1 + (u * u - s * s + row[u] * row[u] - row[s] * row[s]) / (2 * (u - s));
                if (start < w) top++, sites[top] = u, starts[top] = start;
            }
        }
        for (int x = w - 1; x >= 0; x--) {
            int s = sites[top], d = (x - s) * (x - s) + row[s] * row[s];
            if (d > best || (d == best && y + b.y0 - 1 == *py)) best = d, *px = x + b.x0 - 1, *py = y + b.y0 - 1;
            if (x == starts[top]) top--;
        }
    }
}

/* The vertices of the next region; 0 at the end. */
static int next_region(char **at, ring *r, int *room) {
    char *p = strstr(*at, "<Region ");
    if (!p) return 0;
    char *end = strstr(p, "</Region>");
    *end = 0;
    r->count = 0;
    while ((p = strstr(p, "<Vertex "))) {
        if (r->count + 1 >= *room) r->points = realloc(r->points, (*room = *room * 2 + 64) * 2 * sizeof(double));
        r->points[2 * r->count] = strtod(strstr(p, "X=\"") + 3, &p);
        r->points[2 * r->count + 1] = strtod(strstr(p, "Y=\"") + 3, &p);
        r->count++;
    }
    *at = end + 9;
    return 1;
}

int main(int words, char **word) {
    if (words != 4) return 64;
    static box boxes[most];
    int count = atoi(word[3]);
    TIFFSetWarningHandler(0);
    double start = seconds_used();
    for (int n = 0; n < count; n++) {
        TIFF *tiff = TIFFOpen(word[1], "r");
        if (!tiff) return 66;
        TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
        TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
        size_t size = (size_t)width * height, done = 0;
        unsigned char *pixels = malloc(size * 3);
        for (uint32_t strip = 0; strip < TIFFNumberOfStrips(tiff); strip++)
            done += TIFFReadEncodedStrip(tiff, strip, pixels + done, size * 3 - done);
        TIFFClose(tiff);
        FILE *file = fopen(word[2], "rb");
        if (!file || done != size * 3) return 65;
        fseek(file, 0, SEEK_END);
        long length = ftell(file);
        rewind(file);
        char *text = malloc(length + 1), *at = text;
        text[fread(text, 1, length, file)] = 0;
        fclose(file);
        ids = calloc(size, sizeof *ids), twice = calloc(size, 1);
        ring r = {0};
        int room = 0;
        contested = 0, number = 0;
        while (next_region(&at, &r, &room)) {
            if (++number == most) return 65;
            if (r.count < 3) continue;
            close_ring(&r);
            fill_ring(&r, 0, height, width, run, 0);
        }
        for (int i = 1; i <= number; i++) boxes[i] = (box){width, height, -1, -1};
        long area = 0, objects = 0, centres = 0, corners = 0;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                uint32_t id = ids[(size_t)y * width + x];
                if (!id) continue;
                box *b = boxes + id;
                area++;
                if (x < b->x0) b->x0 = x;
                if (x > b->x1) b->x1 = x;
                if (y < b->y0) b->y0 = y;
                b->y1 = y;
            }
        for (int i = 1; i <= number; i++) {
            box b = boxes[i];
            if (b.y1 < 0) continue;
            int x = 0, y = 0;
            centre(i, b, &x, &y);
            objects++;
            centres += x * 7 + y;
            corners += b.x0 + 3 * b.y0 + 5 * b.x1 + 7 * b.y1;
        }
        if (n == count - 1) {
            double work = (seconds_used() - start) / count;
            long sum = 0;
            for (size_t i = 0; i < size * 3; i++) sum += pixels[i];
            printf("{\"objects\": %ld, \"area\": %ld, \"contested\": %ld, \"pixels\": %ld, ", objects, area, contested, sum);
            printf("\"centres\": %ld, \"boxes\": %ld, \"work\": %.5f}\n", centres, corners, work);
        }
        free(pixels), free(text), free(ids), free(twice), free(r.points);
    }
}
