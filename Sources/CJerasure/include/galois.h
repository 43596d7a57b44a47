// Debian's jerasure.h includes "galois.h", which it keeps in jerasure/.
#include <jerasure/galois.h>
