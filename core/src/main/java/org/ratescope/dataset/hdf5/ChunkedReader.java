package org.ratescope.dataset.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.DataFormatException;
import org.ratescope.dataset.format.ArrayReader;
import org.ratescope.dataset.hdf5.object.Hdf5File;
import org.ratescope.dataset.hdf5.object.StorageLayout;
import org.ratescope.io.AtomicFile;

/**
 * One pass over values in chunks, a band of rows at a time: all chunks that begin at the same
 * position of the first dimension. A band of more than 64 MiB is assembled in a temporary file,
 * mapped into memory, since chunks that span many rows but few pixels make such large bands.
 */
final class ChunkedReader implements ArrayReader {
  /** Maximum number of bytes of a chunk. */
  private static final int MAX_CHUNK = 1 << 28;

  private static final long MAX_BAND = Integer.MAX_VALUE;
  private static final long IN_MEMORY = 1 << 26;

  private final Hdf5File in;
  private final Hdf5Array array;
  private final List<Integer> chunk;
  private final ChunkIndex index;
  private final ByteBuffer band;
  private final int chunkBytes;
  private final int chunksInBand;
  private final long[] bandSteps; // bytes from one position of a dimension to the next, in the band
  private final int[] chunkSteps; // the same in a chunk
  private final int whole; // from this dimension on, both have the same order
  private int bands;

  private ChunkedReader(
      Hdf5File in,
      Hdf5Array array,
      List<Integer> chunk,
      ChunkIndex index,
      ByteBuffer band,
      int chunkBytes) {
    this.in = in;
    this.array = array;
    this.chunk = chunk;
    this.index = index;
    this.band = band.limit(0);
    this.chunkBytes = chunkBytes;
    this.chunksInBand = index.count() / (int) Math.ceilDiv(array.size(0), (long) chunk.getFirst());
    int rank = chunk.size();
    bandSteps = new long[rank];
    chunkSteps = new int[rank];
    bandSteps[rank - 1] = array.width();
    chunkSteps[rank - 1] = array.width();
    int same = rank - 1;
    for (int d = rank - 2; d >= 0; d--) {
      bandSteps[d] = bandSteps[d + 1] * array.size(d + 1);
      chunkSteps[d] = chunkSteps[d + 1] * chunk.get(d + 1);
      same = same == d + 1 && chunk.get(d + 1) == array.size(d + 1) ? d : same;
    }
    whole = same;
  }

  static ChunkedReader of(Hdf5File in, Hdf5Array array, StorageLayout.Chunked layout)
      throws IOException {
    long bytes = array.width();
    for (int size : layout.chunk()) {
      bytes = Math.min(bytes * size, MAX_CHUNK + 1L);
    }
    if (bytes > MAX_CHUNK) {
      throw in.error(
          "chunks of shape %s; expected at most %d bytes in each"
              .formatted(layout.chunk(), MAX_CHUNK));
    }
    long rows = Math.min(layout.chunk().getFirst(), array.size(0));
    long bandBytes = rows * array.count(1) * array.width();
    if (!(bandBytes <= MAX_BAND)) {
      throw in.error(
          ("chunks of shape %s: %d rows at once need %d bytes; expected at most %d; h5repack can"
                  + " make chunks of fewer rows")
              .formatted(layout.chunk(), rows, bandBytes, MAX_BAND));
    }
    boolean filtered = !array.filters().kinds().isEmpty();
    ChunkIndex index = ChunkIndex.read(in, array.space(), layout, (int) bytes, filtered);
    return new ChunkedReader(in, array, layout.chunk(), index, room((int) bandBytes), (int) bytes);
  }

  private static ByteBuffer room(int bytes) throws IOException {
    if (bytes <= IN_MEMORY) {
      return ByteBuffer.allocate(bytes);
    }
    Path file = Files.createTempFile("ratescope-", ".band");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
    } catch (IOException e) {
      throw AtomicFile.named(file, e);
    }
  }

  @Override
  public void read(byte[] into, int from, int count) throws IOException {
    for (int done = 0; done < count; ) {
      if (!band.hasRemaining()) {
        nextBand();
      }
      int next = Math.min(count - done, band.remaining());
      band.get(into, from + done, next);
      done += next;
    }
  }

  private void nextBand() throws IOException {
    long first = (long) bands * chunk.getFirst();
    long rows = Math.min(chunk.getFirst(), array.size(0) - first);
    if (!(rows > 0)) {
      throw new IllegalArgumentException("the array has no more values");
    }
    band.clear().limit((int) (rows * array.count(1) * array.width()));
    fillMissing();
    for (int i = 0; i < chunksInBand; i++) {
      int number = bands * chunksInBand + i;
      if (index.isWritten(number)) {
        scatter(data(number), 0, 0, 0, places(i), rows);
      }
    }
    bands++;
  }

  /** Fill values for chunks that were never written; existing chunks overwrite the others. */
  private void fillMissing() throws IOException {
    for (int i = 0; i < chunksInBand; i++) {
      int number = bands * chunksInBand + i;
      if (!index.isWritten(number)) {
        array.fill().require(in, "chunk %d of %d".formatted(number, index.count()));
        array.fill().fill(band);
        return;
      }
    }
  }

  private byte[] data(int number) throws IOException {
    byte[] stored = index.stored(in, number);
    try {
      return array.filters().undo(stored, index.mask(number), chunkBytes, array.width());
    } catch (DataFormatException e) {
      throw in.error(
          "damaged chunk %d at offset %d: %s"
              .formatted(number, index.address(number), e.getMessage()));
    }
  }

  /** The position at which a chunk of a band begins, in each dimension. */
  private long[] places(int numberInBand) {
    long[] places = new long[chunk.size()];
    long rest = numberInBand;
    for (int d = chunk.size() - 1; d > 0; d--) {
      long chunks = Math.ceilDiv(array.size(d), (long) chunk.get(d));
      places[d] = rest % chunks * chunk.get(d);
      rest /= chunks;
    }
    return places;
  }

  /**
   * Copies the values of a chunk in one dimension, and recursively in the next one, to their
   * positions in the band.
   *
   * @param from start of the values in the chunk
   * @param to position in the band of the dimensions before
   */
  private void scatter(byte[] data, int dimension, int from, long to, long[] places, long rows) {
    long room = dimension == 0 ? rows : array.size(dimension) - places[dimension];
    int count = (int) Math.min(chunk.get(dimension), room);
    long start = to + places[dimension] * bandSteps[dimension];
    if (dimension == whole) {
      band.put((int) start, data, from, count * chunkSteps[dimension]);
      return;
    }
    if (dimension + 1 == whole) {
      runs(data, from, start, count, places[whole]);
      return;
    }
    for (int i = 0; i < count; i++) {
      scatter(
          data,
          dimension + 1,
          from + i * chunkSteps[dimension],
          start + i * bandSteps[dimension],
          places,
          rows);
    }
  }

  /**
   * The last two loops of {@link #scatter} in one; runs are single bytes if colours are separate.
   */
  private void runs(byte[] data, int from, long start, int count, long place) {
    int fit = (int) Math.min(chunk.get(whole), array.size(whole) - place);
    int bytes = fit * chunkSteps[whole];
    int bandStep = (int) bandSteps[whole - 1];
    int chunkStep = chunkSteps[whole - 1];
    int to = (int) (start + place * bandSteps[whole]);
    for (int i = 0; i < count; i++) {
      if (bytes == 1) {
        band.put(to + i * bandStep, data[from + i * chunkStep]);
      } else {
        band.put(to + i * bandStep, data, from + i * chunkStep, bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
