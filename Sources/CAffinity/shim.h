#pragma once
// glibc declares these for programs that define _GNU_SOURCE, which Swift's Glibc module does not.
#include <sched.h>
#include <sys/types.h>

extern int sched_getaffinity(pid_t thread, size_t size, cpu_set_t *set);
extern int sched_setaffinity(pid_t thread, size_t size, const cpu_set_t *set);
