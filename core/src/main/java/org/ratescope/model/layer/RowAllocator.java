package org.ratescope.model.layer;

/** Gives parameters their offsets in a run's row: each at a multiple of 64 bytes of float32. */
public final class RowAllocator {
  private static final int ALIGNMENT = 16;

  private long size;

  /** The offset of that many values, which follow what was given before. */
  public long take(long values) {
    long offset = size;
    size = (offset + values + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return offset;
  }

  /** Length of the row so far, with padding. */
  public long size() {
    return size;
  }
}
