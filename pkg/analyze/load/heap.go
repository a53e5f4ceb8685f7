package load

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// largeInput is the size from which memory is worth more than time.
const largeInput = 32 << 20

// restrainHeap makes the collector work harder from now on if the input is
// large: nearly all that is read stays alive, so that waiting for as much
// garbage again would double the memory that is needed. A limit that the user
// has set (GOMEMLIMIT) stays.
func restrainHeap(size int64) {
	if size < largeInput {
		return
	}
	debug.SetGCPercent(35)
	if limit := 5 * size; debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(limit)
		liftWhenTight(limit)
	}
}

// liftWhenTight takes the limit back once what is alive comes near it: from then
// on the collector would do nothing but run. A cleanup is called once a
// collection, which is when there is something new to see.
func liftWhenTight(limit int64) {
	runtime.AddCleanup(new([16]byte), func(limit int64) {
		if heapAlive() < uint64(limit)/20*19 {
			liftWhenTight(limit)
		} else if debug.SetMemoryLimit(-1) == limit {
			debug.SetMemoryLimit(math.MaxInt64)
		}
	}, limit)
}

// heapAlive is how many bytes the last collection found in use.
func heapAlive() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
