#include <jerasure.h>
#include <jerasure/cauchy.h>
#include <jerasure/reed_sol.h>
