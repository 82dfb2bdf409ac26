// Vector kernels of the network: plain C functions that choose the widest instructions of this machine at run time.
//
// One topic is made of four pieces, so that a new one touches only two lines of what is there:
//   include/<topic>.h   what callers see; include it below
//   <topic>_table.h     a struct of function pointers, one member per kernel
//   <topic>.inc         the kernels, written once over the vector type of vector.h; include it in levels.inc
//   <topic>.c           functions of the header: each calls its member of the table for the chosen level
#ifndef CNETWORKKERNELS_H
#define CNETWORKKERNELS_H

#include "decoder.h"
#include "attention.h"
#include "convolution.h"
#include "elementwise.h"
#include "kernel_level.h"
#include "product.h"
#include "window_attention.h"

#endif
