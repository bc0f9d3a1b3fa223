package org.ratescope.dataset.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.ratescope.dataset.format.ArrayReader;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.hdf5.object.StorageLayout;

/** One pass over values in parts of files, one after the other. */
final class ContiguousReader implements ArrayReader {
  private final String where;
  private final Queue<StorageLayout.Piece> waiting;
  private @Nullable FileChannel channel;
  private long position;
  private long left; // bytes of the current part

  ContiguousReader(String where, StorageLayout.Contiguous layout) {
    this.where = where;
    this.waiting = new ArrayDeque<>(layout.pieces());
  }

  @Override
  public void read(byte[] into, int from, int count) throws IOException {
    for (int done = 0; done < count; ) {
      FileChannel open = left > 0 && channel != null ? channel : next();
      int most = (int) Math.min(count - done, left);
      int read = open.read(ByteBuffer.wrap(into, from + done, most), position);
      if (read < 0) {
        throw new FormatException(where, "truncated: it ends at offset %d".formatted(open.size()));
      }
      done += read;
      position += read;
      left -= read;
    }
  }

  private FileChannel next() throws IOException {
    close();
    StorageLayout.Piece piece = waiting.remove();
    FileChannel opened = FileChannel.open(piece.file(), StandardOpenOption.READ);
    channel = opened;
    position = piece.position();
    left = piece.bytes();
    return opened;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
