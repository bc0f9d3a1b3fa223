package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.ratescope.dataset.ImageStream;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.picture.ImageFolder;
import org.ratescope.dataset.picture.PictureFile;
import org.ratescope.dataset.picture.Pixels;
import org.ratescope.dataset.source.Conversion.Form;
import org.ratescope.spec.data.CustomImages.Fit;

/** A pass over the pictures of a folder, which are decoded with all cores. */
final class FolderStream implements ImageStream {
  private static final int ROWS = 16;
  private static final int WHITE = 255;

  private final ImageFolder folder;
  private final Conversion conversion;
  private final int[] firstSize;
  private int row;

  private FolderStream(ImageFolder folder, Conversion conversion, int[] firstSize) {
    this.folder = folder;
    this.conversion = conversion;
    this.firstSize = firstSize;
  }

  static FolderStream open(ImageFolder folder, Conversion conversion) throws IOException {
    return new FolderStream(folder, conversion, PictureFile.size(folder.files().getFirst()));
  }

  @Override
  public int rowsAtOnce() {
    return ROWS;
  }

  @Override
  public Callable<byte[]> next(int rows) {
    List<Path> files = folder.files().subList(row, row + rows);
    row += rows;
    return () -> converted(files);
  }

  private byte[] converted(List<Path> files) throws IOException {
    byte[] kept = conversion.room(files.size());
    ByteBuffer out = ByteBuffer.wrap(kept);
    for (Path file : files) {
      Pixels picture = PictureFile.decode(file);
      requireFirstSize(picture, file);
      byte[] samples = picture.samples();
      Form form = new Form(picture.channels(), picture.height(), picture.width(), true);
      conversion.convert(i -> Byte.toUnsignedInt(samples[i]), form, WHITE, out, file.toString());
    }
    return kept;
  }

  private void requireFirstSize(Pixels picture, Path file) throws FormatException {
    boolean same = picture.height() == firstSize[0] && picture.width() == firstSize[1];
    FormatException.require(
        same || conversion.fit() != Fit.SAME,
        file.toString(),
        "%d×%d pixels where %s has %d×%d; expected one size, or fit=crop or fit=stretch"
            .formatted(
                picture.height(),
                picture.width(),
                folder.files().getFirst(),
                firstSize[0],
                firstSize[1]));
  }

  @Override
  public void close() {}
}
