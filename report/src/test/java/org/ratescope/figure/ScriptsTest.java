package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.figure.svg.Typeface;
import org.ratescope.io.Resources;

/**
 * The third-party files in this jar are the published ones; their README files name the same
 * hashes.
 */
class ScriptsTest {
  private static final String JS = "/org/ratescope/page/js/";

  @ParameterizedTest
  @CsvSource({
    "vega.min.js, 8f6a3587cf8d4f42c7e08120e3eb05d067e746d554e39d2dcf52acc0bd5ba28f",
    "vega-lite.min.js, 83e215e84e308ee8688fa6503ba0f1cf8a3c05c0d61df2841a0b92bf86809e00",
    "vega-embed.min.js, b1455caba2fb1a72fb46025ba0ba1316e2dbc7f0dd40a3f6040172bf9c08ba91",
  })
  void scriptsAreThePublishedOnes(String file, String sha256) throws Exception {
    assertThat(sha256(Resources.bytes(Figure.class, JS + file))).isEqualTo(sha256);
    assertThat(Resources.text(Figure.class, JS + "README.md")).contains(file, sha256);
  }

  @ParameterizedTest
  @CsvSource({
    "inter-latin-400-normal.woff, e20fa0b4fd2dd26e4d14b3ac3cc922509c3a63fa5e910e90c614544aa042dd45",
    "inter-latin-600-normal.woff, 6a9cb3a509b4eeaf12b7dda6c4aacac3e85d07f4201bf4dd716e332e692b87bd",
    "inter-greek-400-normal.woff, bdae9d28729e8c68587d5d54e216d771a40d7a6800e824586a6e2f570c2f10df",
    "inter-greek-600-normal.woff, 090b24e22fc4ddf41450d13bdec81c8a74808b9fc7edaf8df06c909b177a8992",
    "inter-math-400-normal.woff, 0f56b52f11c74463ec7a5cae03ee78556f3779f0b4276335c9341155a9803e93",
    "inter-math-600-normal.woff, 23cbaa4c6964234720530ae1145a8faee5f6f7fc38ffc6fd356f3f2ee7cf480f",
  })
  void fontsAreThePublishedOnes(String file, String sha256) throws Exception {
    assertThat(sha256(Resources.bytes(Typeface.class, "fonts/" + file))).isEqualTo(sha256);
    assertThat(Resources.text(Typeface.class, "fonts/README.md")).contains(file, sha256);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
