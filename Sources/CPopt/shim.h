#include <popt.h>

/* In C the struct and a pointer to it share the name poptOption; Swift needs one of its own. */
typedef struct poptOption OptionEntry;
