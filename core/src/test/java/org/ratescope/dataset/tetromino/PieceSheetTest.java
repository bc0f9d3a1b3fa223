package org.ratescope.dataset.tetromino;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.DataSpec.Shape;

class PieceSheetTest {
  @Test
  void hasARowForEachShape() throws IOException {
    var spec = DataSpec.Tetrominoes.published();
    byte[] png = Tetrominoes.pieces(spec, 5, 1).png(1);
    BufferedImage sheet = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(sheet.getHeight()).isEqualTo(4 + Shape.values().length * 36);
    assertThat(sheet.getWidth()).isEqualTo(4 + 5 * 36);
    assertThat(png)
        .isEqualTo(Tetrominoes.pieces(spec, 5, 1).png(1))
        .isNotEqualTo(Tetrominoes.pieces(spec, 5, 2).png(1));
  }
}
