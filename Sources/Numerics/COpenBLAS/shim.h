#include <cblas.h>

// Products use one thread from now on: samdata divides the work above them. In a build with OpenMP the number belongs to the
// calling thread, and each thread that multiplies has to say so once.
static inline void samdata_use_one_thread(void) {
    static _Thread_local int is_said;
    if (is_said) return;
    is_said = 1;
    if (openblas_get_parallel() == OPENBLAS_OPENMP) openblas_set_num_threads(1);
}
