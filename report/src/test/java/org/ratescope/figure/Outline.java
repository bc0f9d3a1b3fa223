package org.ratescope.figure;

import java.awt.geom.Path2D;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SVG path data of the commands M, L, Q and Z as a Java shape. */
public final class Outline {
  private static final Pattern COMMAND = Pattern.compile("([MLQZ])([^MLQZ]*)");

  private Outline() {}

  public static Path2D of(String data) {
    Path2D path = new Path2D.Double();
    Matcher command = COMMAND.matcher(data);
    while (command.find()) {
      double[] n =
          command.group(2).isBlank()
              ? new double[0]
              : Pattern.compile("[ ,]")
                  .splitAsStream(command.group(2))
                  .mapToDouble(Double::parseDouble)
                  .toArray();
      switch (command.group(1)) {
        case "M" -> path.moveTo(n[0], n[1]);
        case "L" -> path.lineTo(n[0], n[1]);
        case "Q" -> path.quadTo(n[0], n[1], n[2], n[3]);
        default -> path.closePath();
      }
    }
    return path;
  }
}
