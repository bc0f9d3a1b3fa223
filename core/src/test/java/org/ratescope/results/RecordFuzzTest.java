package org.ratescope.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;

/** A record that was changed in any way is refused, or has the same values: nothing else ends. */
class RecordFuzzTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final RunSpec SPEC =
      new RunSpec(
          DataSpec.Tetrominoes.published(),
          new Split.ConstantVolume(0.1),
          Architecture.parse("mlp:1x8"),
          2,
          Likelihood.parse("bernoulli"),
          Objective.beta(0.25),
          Training.paper(),
          3);
  private static final RunRecord RECORD =
      new RunRecord(
          SPEC,
          new Outcome.Finished(10),
          new Evaluation(List.of("distortion", "rate"), 100),
          List.of(
              new Estimate("distortion", Subset.TRAIN, -90.25, 0.5, Estimate.NATS, 64),
              new Estimate("rate", Subset.TEST, Double.NaN, 0.25, Estimate.NATS, 100)),
          List.of(new LossPoint(0, 5.5, 0.5), new LossPoint(5, 4.5, 0.25)),
          List.of(new Picture("easy", Subset.TEST, 7, 0.5, "data:a", "data:b", "data:c")),
          new Provenance("v", "j", "t", "b", "cpu", "sha", "split", 1, 2, List.of(SPEC.id())));

  @TempDir Path folder;

  private RecordStore store;

  @BeforeEach
  void openStore() {
    store = RecordStore.at(folder);
  }

  private byte[] written() throws IOException {
    store.write(RECORD);
    assertThat(store.read(SPEC.id())).contains(RECORD);
    return Files.readAllBytes(store.recordFile(SPEC.id()));
  }

  /** Whether a file is refused; if not, its values are those that were written. */
  private boolean isRefused(byte[] file, boolean sealed) throws IOException {
    Files.write(store.recordFile(SPEC.id()), file);
    boolean refused = false;
    try {
      RunRecord read = store.read(SPEC.id()).orElseThrow();
      assertThat(read.id()).isEqualTo(SPEC.id());
      if (sealed) {
        assertThat(read).as(new String(file, StandardCharsets.UTF_8)).isEqualTo(RECORD);
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).startsWith(store.recordFile(SPEC.id()) + ": ");
      refused = true;
    }
    try {
      RunSummary read = store.summary(SPEC.id()).orElseThrow();
      if (sealed) {
        assertThat(read).isEqualTo(RECORD.summary());
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).startsWith(store.recordFile(SPEC.id()) + ": ");
    }
    return refused;
  }

  @Test
  void everyFlippedBitIsRefusedOrChangesNothing() throws Exception {
    byte[] whole = written();
    int refused = 0;
    int tried = 0;
    for (int place = 0; place < whole.length; place++) {
      for (int bit = place % 8; bit < 8; bit += 8) {
        byte[] flipped = whole.clone();
        flipped[place] ^= (byte) (1 << bit);
        refused += isRefused(flipped, true) ? 1 : 0;
        tried++;
      }
    }
    assertThat(tried).isEqualTo(whole.length).isGreaterThan(1500);
    assertThat(refused).isGreaterThan(tried * 95 / 100);
  }

  @Test
  void everyCutAndEveryDoubledPartIsRefusedOrChangesNothing() throws Exception {
    byte[] whole = written();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      int from = random.nextInt(whole.length);
      int to = Math.min(whole.length, from + 1 + random.nextInt(100));
      byte[] without = Arrays.copyOf(whole, whole.length - (to - from));
      System.arraycopy(whole, to, without, from, whole.length - to);
      boolean unused = isRefused(without, true);
      byte[] doubled = Arrays.copyOf(whole, whole.length + (to - from));
      System.arraycopy(whole, from, doubled, to, whole.length - from);
      unused = isRefused(doubled, true);
      unused = isRefused(Arrays.copyOf(whole, from), true);
    }
  }

  /**
   * Fields removed, doubled, renamed, of other types or swapped, in a file with its old checksum.
   */
  @Test
  void everyChangedFieldIsRefused() throws Exception {
    JsonNode whole = MAPPER.readTree(written());
    int tried = 0;
    for (long seed = 0; seed < 500; seed++) {
      JsonNode changed = whole.deepCopy();
      mutate(changed, new SplittableRandom(seed));
      if (!changed.equals(whole)) {
        byte[] pretty = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(changed);
        boolean unused = isRefused(pretty, changed.has("crc32"));
        tried++;
      }
    }
    assertThat(tried).isGreaterThan(400);
  }

  /**
   * A person may forge a checksum, or an older version have none: nothing but a refusal ends it.
   */
  @Test
  void everyChangedFieldOfAnUnsealedRecordIsRefusedOrRead() throws Exception {
    ObjectNode whole = (ObjectNode) MAPPER.readTree(written());
    whole.remove("crc32");
    int refused = 0;
    for (long seed = 0; seed < 500; seed++) {
      JsonNode changed = whole.deepCopy();
      mutate(changed, new SplittableRandom(seed));
      refused += isRefused(MAPPER.writeValueAsBytes(changed), false) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(133);
  }

  private static void mutate(JsonNode root, SplittableRandom random) {
    List<JsonNode> parents = new ArrayList<>();
    collect(root, parents);
    switch (parents.get(random.nextInt(parents.size()))) {
      case ObjectNode object -> mutateObject(object, random);
      case ArrayNode array -> mutateArray(array, random);
      default -> throw new AssertionError("only these have children");
    }
  }

  private static void collect(JsonNode node, List<JsonNode> parents) {
    if (node.isContainerNode()) {
      parents.add(node);
      node.forEach(child -> collect(child, parents));
    }
  }

  private static void mutateObject(ObjectNode object, SplittableRandom random) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty()) {
      object.put("surplus", 1);
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    String other = names.get(random.nextInt(names.size()));
    JsonNode value = object.get(name);
    switch (random.nextInt(5)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(name, other(random));
      case 2 -> {
        object.set(name, object.get(other));
        object.set(other, value);
      }
      case 3 -> {
        object.remove(name);
        object.set(name + "x", value);
      }
      default -> object.set(other, value.deepCopy());
    }
  }

  private static void mutateArray(ArrayNode array, SplittableRandom random) {
    if (array.isEmpty() || random.nextInt(3) == 0) {
      array.add(other(random));
    } else if (random.nextBoolean()) {
      array.remove(random.nextInt(array.size()));
    } else {
      array.set(random.nextInt(array.size()), other(random));
    }
  }

  /** Values of every type, and of sizes that no field has. */
  private static JsonNode other(SplittableRandom random) {
    String[] texts = {
      "null",
      "true",
      "0",
      "-1",
      "1e999",
      "-1e-999",
      "2147483648",
      "9223372036854775808",
      "\"\"",
      "\"NaN\"",
      "\"\\u0000\"",
      "\"\\uD800\"",
      "[]",
      "{}",
      "[[[]]]",
      "{\"a\": {\"b\": []}}",
      "\"test\"",
      "\"finished\"",
      "\"mlp:99999999999x1\"",
      "\"0123456789abcdef\"",
      "1.5",
      "\"1\""
    };
    try {
      return MAPPER.readTree(texts[random.nextInt(texts.length)]);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
