// nifti2_io.h asks for this header by its bare name; it lies in the folder `nifti`.
#include <nifti/znzlib.h>
