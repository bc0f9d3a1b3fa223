package org.ratescope.figure.svg;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.DocumentLimits;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.parser.resources.ResourcePolicy;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;

/**
 * SVG in, PNG out, at two pixels per SVG unit. Text is drawn as outlines: no installed font is
 * used.
 */
public final class SvgRasterizer {
  static final int SCALE = 2;

  /** An image of more pixels than this is drawn smaller: it needs four bytes for each. */
  static final double MOST_PIXELS = 1e8;

  /** JSVG guards against hostile files; ours may have as many elements as a figure has marks. */
  private static final LoaderContext LIMITS =
      LoaderContext.builder()
          .documentLimits(new DocumentLimits(30, 15, Integer.MAX_VALUE))
          .externalResourcePolicy(ResourcePolicy.DENY_EXTERNAL)
          .build();

  private SvgRasterizer() {}

  /** At two pixels for each unit. */
  public static byte[] png(String svg) {
    return png(svg, SCALE);
  }

  /** At that number of pixels for each unit; at fewer if the image would be too large. */
  public static byte[] png(String svg, double wanted) {
    SVGDocument document = document(TextToPaths.of(svg));
    double scale = scale(document.size().width, document.size().height, wanted);
    int width = (int) Math.ceil(document.size().width * scale);
    int height = (int) Math.ceil(document.size().height * scale);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    document.render((java.awt.Component) null, graphics, new ViewBox(0, 0, width, height));
    graphics.dispose();
    return encode(image);
  }

  static double scale(double width, double height, double wanted) {
    return Math.min(wanted, Math.sqrt(MOST_PIXELS / (width * height)));
  }

  /** The shapes of an SVG without text. */
  static SVGDocument document(String svg) {
    ImageIO.setUseCache(false); // else pictures in the drawing go through the temporary folder
    SVGDocument document =
        new SVGLoader()
            .load(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)), null, LIMITS);
    if (document == null) {
      throw new IllegalStateException("what Vega drew is no SVG");
    }
    return document;
  }

  private static byte[] encode(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
