package org.ratescope.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.ratescope.results.DataAnalysis;
import org.ratescope.results.DataPicture;
import org.ratescope.results.DataRecord;
import org.ratescope.results.Histogram;
import org.ratescope.spec.Split;
import org.ratescope.spec.TableA2;
import org.ratescope.study.Analysis;

/** Data records on their way into the tables about data. */
final class DataTables implements AutoCloseable {
  private final TableAppender splits;
  private final TableAppender points;
  private final TableAppender summaries;
  private final TableAppender distances;
  private final TableAppender pictures;
  private final TableAppender sensitivity;

  DataTables(DuckDBConnection connection) throws SQLException {
    splits = new TableAppender(connection, "splits");
    points = new TableAppender(connection, "split_points");
    summaries = new TableAppender(connection, "neighbour_summary");
    distances = new TableAppender(connection, "neighbour_distances");
    pictures = new TableAppender(connection, "data_pictures");
    sensitivity = new TableAppender(connection, "sensitivity");
  }

  /** Adds an answer; a record's constructor sees to it that it is of the question's type. */
  void add(DataRecord record) throws SQLException {
    String data = record.analysis().data().text();
    DataAnalysis finding = record.finding();
    switch (record.analysis()) {
      case Analysis.Samples samples ->
          addPictures(data, null, ((DataAnalysis.Samples) finding).pictures());
      case Analysis.Sizes sizes -> addSizes(sizes, (DataAnalysis.Sizes) finding);
      case Analysis.Plane plane -> addPlane(data, (DataAnalysis.Plane) finding);
      case Analysis.Neighbours neighbours ->
          addDistances(data, neighbours.split(), (DataAnalysis.Distances) finding);
      case Analysis.Sensitivity sensitivity ->
          addSensitivities(data, (DataAnalysis.Sensitivities) finding);
    }
  }

  private void addSizes(Analysis.Sizes analysis, DataAnalysis.Sizes sizes) throws SQLException {
    Optional<TableA2> paper = TableA2.of(analysis.data(), analysis.split());
    splits.add(
        analysis.data().text(),
        analysis.split().text(),
        sizes.train(),
        sizes.test(),
        paper.map(TableA2::name).orElse(null),
        paper.map(TableA2.ROWS::indexOf).orElse(null),
        paper.map(TableA2::train).orElse(null),
        paper.map(TableA2::test).orElse(null));
  }

  private void addPlane(String data, DataAnalysis.Plane plane) throws SQLException {
    for (DataAnalysis.Point p : plane.points()) {
      points.add(data, p.split(), p.x(), p.y(), p.subset().text());
    }
  }

  private void addDistances(String data, Split of, DataAnalysis.Distances found)
      throws SQLException {
    String split = of.text();
    summaries.add(
        data,
        split,
        found.train(),
        found.test(),
        found.mean(),
        found.standardError(),
        found.p10(),
        found.p50(),
        found.p90(),
        found.normaliser(),
        found.examples(),
        of.share().orElse(null));
    Histogram histogram = found.histogram();
    for (int bin = 0; bin < histogram.counts().size(); bin++) {
      distances.add(
          data, split, histogram.low(bin), histogram.low(bin + 1), histogram.counts().get(bin));
    }
    addPictures(data, split, found.pictures());
  }

  private void addSensitivities(String data, DataAnalysis.Sensitivities found) throws SQLException {
    for (DataAnalysis.FactorSensitivity factor : found.factors()) {
      Histogram histogram = factor.histogram();
      for (int bin = 0; bin < histogram.counts().size(); bin++) {
        sensitivity.add(
            data,
            factor.factor(),
            factor.mean(),
            factor.standardError(),
            histogram.low(bin),
            histogram.low(bin + 1),
            histogram.counts().get(bin),
            factor.examples());
      }
      addPictures(data, null, factor.pictures());
    }
  }

  private void addPictures(String data, @Nullable String split, List<DataPicture> found)
      throws SQLException {
    for (DataPicture p : found) {
      pictures.add(data, split, p.name(), p.position(), p.image(), p.distance());
    }
  }

  @Override
  public void close() throws SQLException {
    for (TableAppender rows :
        List.of(splits, points, summaries, distances, pictures, sensitivity)) {
      rows.close();
    }
  }
}
