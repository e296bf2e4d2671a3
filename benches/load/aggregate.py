# Counts answers with DuckDB: the file of answers is loaded into a table in a database file first, which is not measured. Prints
# the median seconds of the question, then every count.
import os, sys, time
import duckdb

source = sys.argv[1]
place = source + ".duckdb"
if os.path.exists(place):
    os.remove(place)
db = duckdb.connect(place)
db.execute(
    "CREATE TABLE answers AS SELECT sector, region, item::USMALLINT AS item, level::UTINYINT AS level "
    "FROM read_csv(?, header = true)",
    [source],
)
db.execute("CHECKPOINT")
question = "SELECT sector, region, item, level, count(*) FROM answers GROUP BY ALL"
times = []
for _ in range(7):
    began = time.perf_counter()
    rows = db.execute(question).fetchall()
    times.append(time.perf_counter() - began)
print(sorted(times)[3])
for row in rows:
    print(",".join(str(cell) for cell in row))
