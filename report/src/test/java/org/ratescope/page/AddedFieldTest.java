package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A field of a run that is added to the list of {@code RunFields}, and nowhere else, is in all
 * places. The test compiles the class with one more entry, and starts a process that finds it
 * before the original: the field is in the texts of all runs of a process.
 */
class AddedFieldTest {
  private static final Path SOURCE =
      Path.of("..", "core/src/main/java/org/ratescope/spec/RunFields.java");

  /** It is read off the seed, so that a run needs no component for it. */
  private static final String FIELD =
      """
        public static final RunField<String> WARMUP =
            RunField.text(
                    "warmup",
                    "Warm-up",
                    run -> run.seed() < 2 ? "none" : "linear",
                    text -> text,
                    text -> text,
                    text -> "a " + text + " warm-up")
                .named("warmUp")
                .part("warmUpLetters", Integer.class, String::length)
                .omitting("none")
                .shaping();

      """;

  @TempDir Path folder;

  private JsonNode found() throws Exception {
    String source = Files.readString(SOURCE);
    String more =
        source
            .replace("  /** All fields, in", FIELD + "  /** All fields, in")
            .replaceFirst("(?s)(ALL =.*?SEED)\\);", "$1, WARMUP);");
    assertThat(more).contains("SEED, WARMUP);").contains("WARMUP =");
    Path file = Files.writeString(folder.resolve("RunFields.java"), more);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    String path = System.getProperty("java.class.path");
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    String[] compile = {
      "-proc:none", "--release", "21", "-d", classes.toString(), "-cp", path, file.toString()
    };
    int code =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
            .run(null, messages, messages, compile);
    assertThat(code).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes + File.pathSeparator + path,
                AddedField.class.getName(),
                folder.toString())
            .redirectError(folder.resolve("messages").toFile())
            .redirectOutput(folder.resolve("found.json").toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("messages"))).isZero();
    return new ObjectMapper().readTree(folder.resolve("found.json").toFile());
  }

  @Test
  void aFieldAddedToTheListIsInAllPlaces() throws Exception {
    JsonNode found = found();
    JsonNode plain = found.get("seed 1");
    JsonNode other = found.get("seed 2");

    // canonical text: the value that is left out keeps the ids of earlier runs
    assertThat(plain.get("text").asText()).endsWith(";seed=1");
    assertThat(other.get("text").asText()).endsWith(";seed=2;warmup=linear");
    for (JsonNode run : new JsonNode[] {plain, other}) {
      assertThat(run.get("readBack").asBoolean()).isTrue();
      assertThat(run.get("recordReadBack").asBoolean()).isTrue();
    }
    // JSON records
    assertThat(plain.get("record").has("warmUp")).isFalse();
    assertThat(other.get("record").get("warmUp").asText()).isEqualTo("linear");
    assertThat(other.get("record").get("warmUpLetters").asInt()).isEqualTo(6);
    // SQL columns, and the rows of figures
    assertThat(plain.get("row").get("warm_up").asText()).isEqualTo("none");
    assertThat(other.get("row").get("warm_up_label").asText()).isEqualTo("a linear warm-up");
    assertThat(other.get("row").get("warm_up_index").asInt()).isEqualTo(1);
    assertThat(other.get("row").get("warm_up_letters").asInt()).isEqualTo(6);
    assertThat(other.get("panel").toString()).contains("a linear warm-up");
    // trackers
    assertThat(other.get("tracker").get("warmup").asText()).isEqualTo("linear");
    // the report
    assertThat(found.get("settings").asText()).contains("Warm-up", "none; linear");
    assertThat(other.get("report").toString()).contains("a linear warm-up");
    assertThat(found.get("fields of the report").toString()).contains("\"Warm-up\"");
    assertThat(found.get("estimates of the report").toString()).contains("\"warm_up\"");
    // the live page
    assertThat(other.get("live").get("warmup").asText()).isEqualTo("linear");
    assertThat(found.get("fields of the live page").toString()).contains("\"Warm-up\"");
    // cohorts: runs that differ in their seeds only would train together
    assertThat(found.get("cohorts").asInt()).isEqualTo(2);
  }
}
