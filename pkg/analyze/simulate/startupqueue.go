package simulate

// An alarm is something that a replay does at a moment.
type alarm struct {
	at  float64
	seq int
	do  func()
}

// An alarmQueue is a heap of alarms; those of the same moment go off in the
// order in which they were set, so that a replay is deterministic.
type alarmQueue struct {
	heap []alarm
	seq  int
}

func (q *alarmQueue) less(i, j int) bool {
	a, b := q.heap[i], q.heap[j]
	if a.at < b.at || a.at > b.at {
		return a.at < b.at
	}
	return a.seq < b.seq
}

func (q *alarmQueue) push(at float64, do func()) {
	q.seq++
	q.heap = append(q.heap, alarm{at, q.seq, do})
	for i := len(q.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if !q.less(i, parent) {
			return
		}
		q.heap[i], q.heap[parent] = q.heap[parent], q.heap[i]
		i = parent
	}
}

func (q *alarmQueue) pop() alarm {
	top := q.heap[0]
	last := len(q.heap) - 1
	q.heap[0] = q.heap[last]
	q.heap[last] = alarm{}
	q.heap = q.heap[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && q.less(child+1, child) {
			child++
		}
		if !q.less(child, i) {
			return top
		}
		q.heap[i], q.heap[child] = q.heap[child], q.heap[i]
		i = child
	}
}
