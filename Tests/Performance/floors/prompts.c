/* prompts LABEL.nii.gz: box and exact centre of every label in every slice, single thread, the header's 352 bytes skipped.
 * Prints the number of regions and two check sums: of the centres (x*7 + y) and of the boxes (x0 + 3*y0 + 5*x1 + 7*y1). */
#include "common.h"

enum { width = 520 };
static int g[width * width], sites[width], starts[width];

typedef struct { int x0, y0, x1, y1, seen; } box;

/* The most interior pixel under the exact Euclidean distance; ties go to the first in row order. */
static void centre(const uint8_t *slice, int stride, int label, box b, int *px, int *py) {
    int w = b.x1 - b.x0 + 3, h = b.y1 - b.y0 + 3, best = -1;
    memset(g, 0, w * sizeof *g);
    for (int y = 1; y < h - 1; y++) {
        int *row = g + y * width, *above = row - width;
        const uint8_t *p = slice + (size_t)(b.y0 + y - 1) * stride + b.x0 - 1;
        row[0] = row[w - 1] = 0;
        for (int x = 1; x < w - 1; x++) row[x] = p[x] == label ? above[x] + 1 : 0;
    }
    memset(g + (h - 1) * width, 0, w * sizeof *g);
    for (int y = h - 2; y > 0; y--) {
        int *row = g + y * width, *below = row + width;
        for (int x = 1; x < w - 1; x++) row[x] = row[x] < below[x] + 1 ? row[x] : below[x] + 1;
    }
    for (int y = 1; y < h - 1; y++) {
        int *row = g + y * width, highest = 0, top = 0;
        for (int x = 0; x < w; x++) highest = highest > row[x] ? highest : row[x];
        if (highest * highest <= best) continue; /* this row cannot beat the best */
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

int main(int count, char **words) {
    if (count != 2) return 64;
    size_t size;
    unsigned char *bytes = inflated(words[1], &size);
    int16_t dim[8];
    memcpy(dim, bytes + 40, 16);
    int nx = dim[1], ny = dim[2], nz = dim[3];
    long regions = 0, centres = 0, boxes = 0;
    double start = cpu();
    for (int z = 0; z < nz; z++) {
        const uint8_t *slice = bytes + 352 + (size_t)nx * ny * z;
        box found[256];
        memset(found, 0, sizeof found);
        for (int y = 0; y < ny; y++) {
            const uint8_t *row = slice + (size_t)y * nx;
            for (int x = 0; x < nx;) {
                uint64_t eight;
                memcpy(&eight, row + x, 8);
                if (!eight) { x += 8; continue; }
                for (int end = x + 8; x < end; x++) {
                    int label = row[x];
                    if (!label) continue;
                    box *b = found + label;
                    if (!b->seen) *b = (box){x, y, x, y, 1};
                    if (x < b->x0) b->x0 = x;
                    if (x > b->x1) b->x1 = x;
                    b->y1 = y;
                }
            }
        }
        for (int label = 1; label < 256; label++) {
            box b = found[label];
            if (!b.seen) continue;
            int x = 0, y = 0;
            centre(slice, nx, label, b, &x, &y);
            regions++;
            centres += x * 7 + y;
            boxes += b.x0 + 3 * b.y0 + 5 * b.x1 + 7 * b.y1;
        }
    }
    printf("{\"regions\": %ld, \"centres\": %ld, \"boxes\": %ld, \"work\": %.5f}\n", regions, centres, boxes, cpu() - start);
}
