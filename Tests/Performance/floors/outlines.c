/* outlines OUTLINES.txt PATCHES SIDE WIDTH [--winding]: tumour pixels under patches that lie on a grid of SIDE, listed by rows.
 * The outlines are filled once in bands of SIDE rows over the whole slide; the patches of the band are then counted.
 * --winding asks every pixel of every patch for its winding number instead, within the boxes of the outlines, as ASAP does.
 * Coordinates and patches are in memory before the clock starts. */
#include "histology.h"

static ring *rings;
static int ringCount;
static unsigned char *band;
static int bandTop, width, value;

static void run(int y, int start, int end, void *context) {
    memset(band + (size_t)(y - bandTop) * width + start, value, end - start);
}

static void wound(const ring *r, place at, int side, unsigned char *patch) {
    const double *p = r->points;
    int top = r->top > at.y ? r->top : at.y, bottom = r->bottom < at.y + side ? r->bottom : at.y + side;
    int left = r->left > at.x ? r->left : at.x, right = r->right < at.x + side ? r->right : at.x + side;
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) {
            int winding = 0;
            double px = x + 0.5, py = y + 0.5;
            for (int i = 0; i < r->count; i++) {
                double ax = p[2 * i], ay = p[2 * i + 1], bx = p[2 * i + 2], by = p[2 * i + 3];
                double side = (bx - ax) * (py - ay) - (px - ax) * (by - ay);
                if (ay <= py) {
                    if (by > py && side > 0) winding++;
                } else if (by <= py && side < 0) {
                    winding--;
                }
            }
            if (winding) patch[(size_t)(y - at.y) * width + x - at.x] = r->covers;
        }
}

int main(int words, char **word) {
    if (words < 5) return 64;
    int side = atoi(word[3]), count, vertices, covers;
    width = atoi(word[4]);
    place *list = places(word[2], &count);
    FILE *file = fopen(word[1], "r");
    if (!file) return 66;
    while (fscanf(file, "%d %d", &covers, &vertices) == 2) {
        rings = realloc(rings, ++ringCount * sizeof *rings);
        ring *r = rings + ringCount - 1;
        *r = (ring){.points = malloc((vertices + 1) * 2 * sizeof(double)), .count = vertices, .covers = covers};
        for (int i = 0; i < 2 * vertices; i++)
            if (fscanf(file, "%lf", r->points + i) != 1) return 65;
    }
    double start = seconds_used();
    for (int i = 0; i < ringCount; i++) close_ring(rings + i);
    band = calloc((size_t)width * side, 1);
    long area = 0;
    int positive = 0;
    for (int n = 0; n < count;) {
        int first = n;
        bandTop = list[n].y;
        while (n < count && list[n].y == bandTop) n++;
        if (words == 5)
            for (value = 1; value >= 0; value--)
                for (int i = 0; i < ringCount; i++)
                    if (rings[i].covers == value) fill_ring(rings + i, bandTop, bandTop + side, width, run, 0);
        for (int k = first; k < n; k++) {
            unsigned char *patch = band + list[k].x;
            int near = 0;
            for (int i = 0; i < ringCount; i++)
                near |= rings[i].bottom > bandTop && rings[i].top < bandTop + side && rings[i].right > list[k].x
                    && rings[i].left < list[k].x + side;
            if (!near) continue;
            if (words > 5)
                for (int pass = 1; pass >= 0; pass--)
                    for (int i = 0; i < ringCount; i++)
                        if (rings[i].covers == pass) wound(rings + i, list[k], side, patch);
            long found = 0;
            for (int y = 0; y < side; y++) {
                unsigned line = 0;
                for (int x = 0; x < side; x++) line += patch[(size_t)y * width + x];
                found += line;
            }
            area += found;
            positive += found > 0;
        }
        /* What was written lies within the boxes of the outlines. */
        for (int i = 0; i < ringCount; i++) {
            int top = rings[i].top > bandTop ? rings[i].top : bandTop;
            int bottom = rings[i].bottom < bandTop + side ? rings[i].bottom : bandTop + side;
            for (int y = top; y < bottom; y++)
                memset(band + (size_t)(y - bandTop) * width + rings[i].left, 0, rings[i].right - rings[i].left);
        }
    }
    printf("{\"area\": %ld, \"patches\": %d, \"work\": %.5f}\n", area, positive, seconds_used() - start);
}
