package main

import (
	"syscall"
	"time"
)

// cpu is the processor time of this process, the garbage collector's included: a busy machine does not slow it.
func cpu() time.Duration {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
