/* What the floors of slides and nuclei share: the list of patches, and even-odd filling of a polygon, row by row. */
#ifndef HISTOLOGY_H
#define HISTOLOGY_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double seconds_used(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

typedef struct { int x, y; } place;

static inline place *places(const char *path, int *count) {
    FILE *file = fopen(path, "r");
    if (!file) exit(66);
    int room = 1024;
    place *list = malloc(room * sizeof *list);
    for (*count = 0; fscanf(file, "%d %d", &list[*count].x, &list[*count].y) == 2;)
        if (++*count == room) list = realloc(list, (room *= 2) * sizeof *list);
    fclose(file);
    return list;
}

/* A ring of `count` vertices; room for one more, which repeats the first. */
typedef struct {
    double *points;
    int count, covers, top, bottom, left, right;
} ring;

static inline void close_ring(ring *r) {
    double *p = r->points, x0 = 1e9, x1 = -1e9, y0 = 1e9, y1 = -1e9;
    p[2 * r->count] = p[0], p[2 * r->count + 1] = p[1];
    for (int i = 0; i < r->count; i++) {
        x0 = fmin(x0, p[2 * i]), x1 = fmax(x1, p[2 * i]);
        y0 = fmin(y0, p[2 * i + 1]), y1 = fmax(y1, p[2 * i + 1]);
    }
    r->left = floor(x0), r->right = ceil(x1), r->top = floor(y0), r->bottom = ceil(y1);
}

/* Calls `run(y, start, end, context)` for the pixels of rows top..<bottom and columns 0..<width whose centres lie inside. */
static inline __attribute__((always_inline)) void fill_ring(
    const ring *r, int top, int bottom, int width, void (*run)(int, int, int, void *), void *context) {
    static int *head, *next, *active, room, rows;
    static double *crossings;
    const double *p = r->points;
    if (top < r->top) top = r->top;
    if (top < 0) top = 0;
    if (bottom > r->bottom) bottom = r->bottom;
    if (top >= bottom) return;
    if (room < r->count) {
        room = r->count;
        next = realloc(next, room * sizeof *next), active = realloc(active, room * sizeof *active);
        crossings = realloc(crossings, room * sizeof *crossings);
    }
    if (rows < bottom - top) head = realloc(head, (rows = bottom - top) * sizeof *head);
    memset(head, -1, (bottom - top) * sizeof *head);
    for (int i = 0; i < r->count; i++) {
        double low = fmin(p[2 * i + 1], p[2 * i + 3]), high = fmax(p[2 * i + 1], p[2 * i + 3]);
        int row = (int)ceil(low - 0.5) - top;
        if (row < 0) row = 0;
        if (row < bottom - top && high > top + row + 0.5) next[i] = head[row], head[row] = i;
    }
    int live = 0;
    for (int y = top; y < bottom; y++) {
        double centre = y + 0.5;
        for (int e = head[y - top]; e >= 0; e = next[e]) active[live++] = e;
        int found = 0, kept = 0;
        for (int a = 0; a < live; a++) {
            int e = active[a];
            double ay = p[2 * e + 1], by = p[2 * e + 3];
            if (centre >= fmax(ay, by)) continue;
            active[kept++] = e;
            if (centre < fmin(ay, by)) continue;
            double x = p[2 * e] + (centre - ay) * (p[2 * e + 2] - p[2 * e]) / (by - ay);
            int place = found++;
            while (place > 0 && crossings[place - 1] > x) crossings[place] = crossings[place - 1], place--;
            crossings[place] = x;
        }
        live = kept;
        for (int a = 0; a + 1 < found; a += 2) {
            int start = (int)ceil(crossings[a] - 0.5), end = (int)ceil(crossings[a + 1] - 0.5);
            if (start < 0) start = 0;
            if (end > width) end = width;
            if (start < end) run(y, start, end, context);
        }
    }
}
#endif
