package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"time"
)

// An entry is one file of an archive.
type entry struct {
	name string
	mode os.FileMode
	data []byte
}

func writeTar(to string, files []entry, when time.Time) (err error) {
	f, err := os.Create(to)
	if err != nil {
		return fmt.Errorf("make an archive: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("make an archive: %w", err)
	}
	w := tar.NewWriter(z)
	for _, file := range files {
		h := &tar.Header{Name: file.name, Mode: int64(file.mode), Size: int64(len(file.data)), ModTime: when, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(h); err != nil {
			return fmt.Errorf("put %s into %s: %w", file.name, to, err)
		}
		if _, err := w.Write(file.data); err != nil {
			return fmt.Errorf("put %s into %s: %w", file.name, to, err)
		}
	}
	return errors.Join(w.Close(), z.Close())
}

func writeZip(to string, files []entry, when time.Time) (err error) {
	f, err := os.Create(to)
	if err != nil {
		return fmt.Errorf("make an archive: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := zip.NewWriter(f)
	for _, file := range files {
		h := &zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: when.UTC()}
		h.SetMode(file.mode)
		part, err := w.CreateHeader(h)
		if err != nil {
			return fmt.Errorf("put %s into %s: %w", file.name, to, err)
		}
		if _, err := part.Write(file.data); err != nil {
			return fmt.Errorf("put %s into %s: %w", file.name, to, err)
		}
	}
	return w.Close()
}
