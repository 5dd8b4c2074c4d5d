// Go's driver for SQL Server, unmodified. Run by sql-go.test.ts; prints one JSON object of what it saw.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	ctx := context.Background()
	db := must(sql.Open("sqlserver", os.Args[1]))
	defer db.Close()
	saw := map[string]any{}
	must(db.ExecContext(ctx, "CREATE TABLE dbo.golang (id int NOT NULL, name nvarchar(20) NULL, at datetime2(3) NULL, ratio float NULL)"))

	copying := must(db.Begin())
	load := must(copying.Prepare(mssql.CopyIn("dbo.golang", mssql.BulkOptions{}, "id", "name", "at", "ratio")))
	moment := time.Date(2024, 2, 29, 1, 2, 3, 0, time.UTC)
	for id := 1; id <= 1000; id++ {
		must(load.Exec(id, fmt.Sprintf("n%d", id), moment, float64(id)/2))
	}
	saw["copied"] = must(must(load.Exec()).RowsAffected())
	load.Close()
	if err := copying.Commit(); err != nil {
		panic(err)
	}

	var name string
	var at time.Time
	var ratio float64
	row := db.QueryRowContext(ctx, "SELECT name, at, ratio FROM dbo.golang WHERE id = @id", sql.Named("id", 7))
	if err := row.Scan(&name, &at, &ratio); err != nil {
		panic(err)
	}
	saw["row"] = []any{name, at.UTC().Format(time.RFC3339), ratio}

	must(db.ExecContext(ctx, "CREATE PROCEDURE dbo.twice @n int, @out int OUTPUT AS SET @out = @n * 2"))
	var out int64
	must(db.ExecContext(ctx, "dbo.twice", sql.Named("n", 21), sql.Named("out", sql.Out{Dest: &out})))
	saw["output"] = out

	undone := must(db.Begin())
	must(undone.Exec("DELETE FROM dbo.golang"))
	if err := undone.Rollback(); err != nil {
		panic(err)
	}
	var left int
	if err := db.QueryRow("SELECT COUNT(*) FROM dbo.golang").Scan(&left); err != nil {
		panic(err)
	}
	saw["left"] = left

	failing := must(db.Begin())
	long := must(failing.Prepare(mssql.CopyIn("dbo.golang", mssql.BulkOptions{}, "id", "name")))
	must(long.Exec(1, strings.Repeat("x", 21)))
	_, err := long.Exec()
	var tooLong mssql.Error
	if errors.As(err, &tooLong) {
		saw["too long"] = tooLong.Number
	}
	if err := failing.Rollback(); err != nil {
		panic(err)
	}

	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	_, err = db.ExecContext(short, "SELECT COUNT(*) FROM dbo.golang a, dbo.golang b, dbo.golang c, dbo.golang d")
	saw["cancelled"] = errors.Is(err, context.DeadlineExceeded)

	_, err = db.Exec("SELECT 1;\nSELECT * FROM dbo.absent")
	var failure mssql.Error
	if errors.As(err, &failure) {
		saw["error"] = []any{failure.Number, failure.Class, failure.LineNo}
	}
	fmt.Println(string(must(json.Marshal(saw))))
}
